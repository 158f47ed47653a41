//! What a component of `wasi:http` gets and gives, compared with our own handler.

use ottavo_test_support::{Authority, TestHost, program, send};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Wasi, deploy, host};
use crate::http::raw::Raw;

async fn a_component_without_a_manifest_is_deployed_described_and_called(wasi: Wasi) {
    let host = TestHost::start().await.unwrap();
    let (name, handler, client) = match wasi {
        Wasi::Second => ("wasi-http", "incoming-handler@0.2.", "outgoing-handler@0.2."),
        Wasi::Third => ("wasi-http-3", "handler@0.3.", "client@0.3."),
    };
    let program = program(name).unwrap();
    let (status, out, err) = host.cli(&["deploy", program.to_str().unwrap()]).await.unwrap();
    assert!(status.success(), "{out}{err}");
    let answer = host.get(&format!("/{name}/early")).await.unwrap();
    assert_eq!((answer.status, answer.text()), (200, "early"));

    let (_, out, _) = host.cli(&["describe", name, "--output", "json"]).await.unwrap();
    let surface: serde_json::Value = serde_json::from_str(&out).unwrap();
    let find = |list: &str, start: &str| {
        let rows = surface[list].as_array().unwrap();
        let row = rows.iter().find(|row| row["interface"].as_str().unwrap().starts_with(start));
        row.unwrap_or_else(|| panic!("no {start} in {surface:#}")).clone()
    };
    assert_eq!(find("exports", &format!("wasi:http/{handler}"))["status"], "called");
    let outgoing = find("imports", &format!("wasi:http/{client}"));
    assert_eq!(outgoing["status"], "not-granted");
    assert!(outgoing["fix"].as_str().unwrap().contains("`egress = ["), "{outgoing}");
}

async fn a_request_comes_with_its_host_and_id_and_without_what_concerns_the_connection(wasi: Wasi) {
    let host = host(wasi, "").await;
    let mut raw = Raw::to(host.http()).await;
    raw.write(
        "POST /w/echo?a=b HTTP/1.1\r\nhost: shop.example.com:80\r\nx-request-id: mine\r\n\
         connection: x-hop\r\nx-hop: 1\r\nte: trailers\r\nx-other: 2\r\ncontent-length: 5\r\n\r\nhello",
    )
    .await;
    let answer = raw.answer().await.unwrap();
    let field = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!((answer.status, answer.text()), (200, "hello"));
    assert_eq!(field("x-authority"), Some("shop.example.com:80"));
    assert_eq!(field("x-got-x-request-id"), Some("mine"));
    assert_eq!(field("x-request-id"), Some("mine"));
    assert_eq!(field("x-got-x-other"), Some("2"));
    for gone in ["x-got-x-hop", "x-got-connection", "x-got-te", "x-got-host"] {
        assert_eq!(field(gone), None, "{gone}");
    }
    // HTTP/1.0 need not say which host it wants
    let mut raw = Raw::to(host.http()).await;
    raw.write("GET /w/echo HTTP/1.0\r\n\r\n").await;
    assert_eq!(raw.answer().await.unwrap().headers["x-authority"], "localhost");
}

async fn the_scheme_is_that_of_the_connection(wasi: Wasi) {
    let (folder, own) = (tempfile::tempdir().unwrap(), Authority::new());
    own.write(folder.path());
    let at = folder.path().display();
    let config = format!("[http]\ntls = {{ cert = \"{at}/cert.pem\", key = \"{at}/key.pem\" }}\n");
    let request = "GET /w/echo HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    for (config, expected) in [("", "Http"), (config.as_str(), "Https")] {
        let host = TestHost::builder().config(config).start().await.unwrap();
        deploy(wasi, &host, "[needs]\nstate = [\"default\"]").await;
        let mut said = Vec::new();
        if config.is_empty() {
            let mut stream = TcpStream::connect(host.http()).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            stream.read_to_end(&mut said).await.unwrap();
        } else {
            let mut stream = own.connect(host.http(), None, &["http/1.1"]).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            // a server need not say goodbye
            drop(stream.read_to_end(&mut said).await);
        }
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains(&format!("x-scheme: Some(Scheme::{expected})")), "{said}");
    }
}

async fn answers_that_are_none_are_told_as_with_any_function(wasi: Wasi) {
    let host = host(wasi, "").await;
    if wasi == Wasi::Second {
        // a function of 0.3 returns its answer
        let answer = host.get("/w/silent").await.unwrap();
        assert!(answer.text().contains("ended without an answer"), "{}", answer.text());
        assert_eq!(answer.status, 502);
    }
    for (path, says) in [
        ("/w/code", "on purpose"),
        ("/w/status?150", "use 200 to 599"),
        ("/w/length?5,4", "before its end"),
    ] {
        let answer = host.get(path).await.unwrap();
        let error = answer.json()["error"].clone();
        assert_eq!((answer.status, &error["kind"]), (502, &"internal".into()), "{path}: {error}");
        assert!(error["message"].as_str().unwrap().contains(says), "{path}: {error}");
        assert_eq!(error["request_id"], answer.headers["x-request-id"].to_str().unwrap());
        assert_eq!((&error["function"], &error["version"]), (&"wasi-http".into(), &1.into()));
    }
}

async fn statuses_and_methods_without_a_body_have_none(wasi: Wasi) {
    let host = host(wasi, "").await;
    let mut raw = Raw::to(host.http()).await;
    for (method, path, status, length) in [
        ("GET", "status?404", 404, Some("8")),
        ("GET", "status?204", 204, None),
        ("GET", "status?304", 304, None),
        ("HEAD", "status?404", 404, Some("8")),
        ("HEAD", "length?700,700", 200, Some("700")),
        // too much to be counted before the head goes out
        ("HEAD", "count?1000000", 200, None),
        ("GET", "length?700,700", 200, Some("700")),
    ] {
        raw.write(format!("{method} /w/{path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        let answer = match method == "HEAD" || length.is_none() {
            true => raw.head().await.unwrap(),
            false => raw.answer().await.unwrap(),
        };
        let said = answer.headers.get("content-length").map(|value| value.to_str().unwrap());
        assert_eq!((answer.status, said), (status, length), "{method} {path}");
    }
}

async fn trailers_go_both_ways(wasi: Wasi) {
    let host = host(wasi, "").await;
    let mut raw = Raw::to(host.http()).await;
    raw.write("GET /w/trailers HTTP/1.1\r\nhost: a\r\nte: trailers\r\nconnection: close\r\n\r\n")
        .await;
    let answer = raw.rest().await;
    assert!(answer.contains("trailer: x-after\r\n"), "{answer}");
    assert!(answer.ends_with("6\r\nbefore\r\n0\r\nx-after: the body\r\n\r\n"), "{answer}");

    let trailers = super::streams::h2(&host, "/w/trailers").await.trailers().await;
    assert_eq!(trailers.unwrap()["x-after"], "the body");
}

async fn our_own_interfaces_work_beside_it(wasi: Wasi) {
    let host = host(wasi, "").await;
    assert_eq!(host.get("/w/state?abc").await.unwrap().text(), "abc");
    assert_eq!(host.value("wasi-http").await.unwrap().unwrap(), "abc");
}

async fn a_call_by_name_has_whole_bodies_and_the_same_limits(wasi: Wasi) {
    let host = host(wasi, "[limits]\nbody = \"100KiB\"").await;
    let invoke = async |path: &str, data: &str| {
        let args = ["invoke", "wasi-http", "--path", path, "--method", "POST", "--data", data];
        host.cli(&args).await.unwrap()
    };
    let (status, out, err) = invoke("/w/echo", "hello").await;
    assert!(status.success() && out.contains("hello"), "{out}{err}");
    let (status, out, err) = invoke("/w/count?90000", "").await;
    assert!(status.success() && out.contains(&"x".repeat(90_000)), "{err}");
    let (status, out, err) = invoke("/w/count?200000", "").await;
    assert!(!status.success() && out.contains("limits.body"), "{out}{err}");
}

async fn instances_are_reused_where_the_manifest_says_so(wasi: Wasi) {
    let host = host(wasi, "[limits]\nreuse = { calls = 5 }").await;
    for _ in 0..10 {
        let request = http::Request::post("/w/echo").header("host", "a");
        let answer = send(host.http(), request.body("hello".into()).unwrap()).await.unwrap();
        assert_eq!(answer.text(), "hello");
    }
    let text = host.health("/metrics").await.unwrap().text().to_owned();
    let started = "ottavo_instances_started_total{function=\"wasi-http\"} 2";
    assert!(text.lines().any(|line| line == started), "{text}");
}

both! {
    a_component_without_a_manifest_is_deployed_described_and_called,
    a_request_comes_with_its_host_and_id_and_without_what_concerns_the_connection,
    the_scheme_is_that_of_the_connection,
    answers_that_are_none_are_told_as_with_any_function,
    statuses_and_methods_without_a_body_have_none,
    trailers_go_both_ways,
    our_own_interfaces_work_beside_it,
    a_call_by_name_has_whole_bodies_and_the_same_limits,
    instances_are_reused_where_the_manifest_says_so,
}
