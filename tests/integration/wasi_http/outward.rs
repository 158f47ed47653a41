//! Requests of components of `wasi:http` to the outside: the same rules as for `http-client`.

use ottavo_test_support::{Peer, TestHost, program};

use super::{Wasi, deploy, until_stopped};
use crate::http::raw::Raw;

async fn granted(wasi: Wasi, peer: &Peer, lines: &str) -> TestHost {
    let host = TestHost::start().await.unwrap();
    let needs = format!("[needs]\negress = [\"http://{}\"]\n{lines}", peer.address());
    deploy(wasi, &host, &needs).await;
    host
}

async fn a_request_within_the_grants_is_sent_and_answered_both_bodies_streaming(wasi: Wasi) {
    let peer = Peer::start().await.unwrap();
    let host = granted(wasi, &peer, "").await;
    let path = format!("/w/fetch?http://{}/some?x=1", peer.address());
    let body = "y".repeat(1_000_000);
    let answer = host.send("POST", &path, body.clone()).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.headers["x-line"], "POST /some?x=1");
    assert_eq!(answer.headers["was-host"], peer.address().to_string());
    assert_eq!(answer.text(), body);
    // nothing of ours is for strangers
    assert!(answer.headers.get("was-x-request-id").is_none());
    let answer = host.get(&format!("/w/fetch?http://{}/redirect", peer.address())).await.unwrap();
    assert_eq!(answer.status, 302, "a redirect is an answer");
    assert_eq!(peer.requests(), 2);
}

async fn a_request_beyond_the_grants_is_denied_and_the_log_says_how_to_ask(wasi: Wasi) {
    let (peer, other) = (Peer::start().await.unwrap(), Peer::start().await.unwrap());
    let host = granted(wasi, &peer, "").await;
    let denied = async |host: &TestHost, url: &str| {
        let answer = host.send("POST", &format!("/w/fetch?{url}"), "body").await.unwrap();
        assert_eq!(answer.status, 502);
        assert!(answer.text().contains("HttpRequestDenied"), "{}", answer.text());
    };
    denied(&host, &format!("http://{}/", other.address())).await;
    let (_, log, _) = host.cli(&["logs", "wasi-http"]).await.unwrap();
    assert!(log.contains(&format!("egress = [\"http://{}\"]", other.address())), "{log}");
    assert_eq!(other.accepted(), 0);
}

#[tokio::test]
async fn two_requests_of_an_asynchronous_function_are_under_way_together() {
    let peer = Peer::start().await.unwrap();
    let host = granted(Wasi::Third, &peer, "").await;
    let hang = format!("http://{}/hang", peer.address());
    let mut raw = Raw::to(host.http()).await;
    raw.write(format!("GET /w/both?{hang},{hang} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
    peer.until_hanging(2).await.unwrap();
    drop(raw);
    peer.until_hanging(0).await.unwrap();
    let there = format!("http://{}/some", peer.address());
    let answer = host.get(&format!("/w/both?{there},http://elsewhere.example.com/")).await.unwrap();
    assert_eq!(answer.text(), "200 ErrorCode::HttpRequestDenied");
}

#[tokio::test]
async fn a_function_with_our_own_handler_sends_by_the_same_rules() {
    let peer = Peer::start().await.unwrap();
    let host = TestHost::start().await.unwrap();
    let wasm = program("wasi-http-client").unwrap();
    let manifest = host.folder().join("client.toml");
    let asked = format!("/wasi-http-client?to={}", peer.address());
    for (grant, status, says) in [
        ("elsewhere.example.com".to_owned(), 502, "HttpRequestDenied"),
        (peer.address().to_string(), 200, ""),
    ] {
        let text = format!(
            "manifest = 1\nname = \"wasi-http-client\"\n[[http]]\nroute = \"/wasi-http-client\"\n\
             [needs]\negress = [\"{grant}\"]\n"
        );
        std::fs::write(&manifest, text).unwrap();
        host.cli(&["delete", "wasi-http-client"]).await.unwrap();
        host.deploy_with(&wasm, &manifest).await.unwrap();
        let answer = host.get(&asked).await.unwrap();
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(says), "{}", answer.text());
    }
    assert_eq!(peer.requests(), 1);
}

async fn a_name_that_turns_out_to_be_near_is_denied(wasi: Wasi) {
    let peer = Peer::start().await.unwrap();
    let host = TestHost::start().await.unwrap();
    deploy(wasi, &host, &format!("[needs]\negress = [\"*:{}\"]", peer.address().port())).await;
    for name in ["localhost", "127.0.0.1", "[::1]"] {
        let url = format!("http://{name}:{}/", peer.address().port());
        let answer = host.get(&format!("/w/fetch?{url}")).await.unwrap();
        assert!(answer.text().contains("HttpRequestDenied"), "{name}: {}", answer.text());
    }
    assert_eq!(peer.accepted(), 0);
}

async fn an_answer_over_the_limit_is_an_error_and_breaks_where_it_is_over(wasi: Wasi) {
    let peer = Peer::start().await.unwrap();
    let host = granted(wasi, &peer, "[limits]\nbody = \"100KiB\"").await;
    let fetch = |path: &str| format!("/w/fetch?http://{}{path}", peer.address());
    assert_eq!(host.get(&fetch("/large/102400")).await.unwrap().body.len(), 102_400);
    let answer = host.get(&fetch("/large/102401")).await.unwrap();
    assert!(answer.text().contains("HttpResponseBodySize(Some(102400))"), "{}", answer.text());
}

async fn an_answer_that_is_cut_off_cuts_off_what_is_made_of_it(wasi: Wasi) {
    let peer = Peer::start().await.unwrap();
    let host = granted(wasi, &peer, "").await;
    let answer = host.get(&format!("/w/fetch?http://{}/cut", peer.address())).await;
    // the function panics: as an answer, or as one that breaks off
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status >= 500));
}

async fn a_client_that_goes_away_ends_what_was_asked_outside(wasi: Wasi) {
    let peer = Peer::start().await.unwrap();
    let host = granted(wasi, &peer, "[limits]\ntimeout = \"1h\"").await;
    let mut raw = Raw::to(host.http()).await;
    let path = format!("/w/fetch?http://{}/hang", peer.address());
    raw.write(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
    peer.until_hanging(1).await.unwrap();
    drop(raw);
    peer.until_hanging(0).await.unwrap();
    until_stopped(&host).await;
    // and so does the end of the function
    let path = format!("/w/abandon?http://{}/hang", peer.address());
    assert_eq!(host.get(&path).await.unwrap().text(), "not waited for");
    peer.until_hanging(0).await.unwrap();
}

both! {
    a_request_within_the_grants_is_sent_and_answered_both_bodies_streaming,
    a_request_beyond_the_grants_is_denied_and_the_log_says_how_to_ask,
    a_name_that_turns_out_to_be_near_is_denied,
    an_answer_over_the_limit_is_an_error_and_breaks_where_it_is_over,
    an_answer_that_is_cut_off_cuts_off_what_is_made_of_it,
    a_client_that_goes_away_ends_what_was_asked_outside,
}
