//! Requests to the outside, from functions in every language.

use std::fs;

use ottavo_core::Kind;
use ottavo_test_support::{Peer, TestHost};

use super::scene::{Scene, outcome, outcomes, read, write_request};
use crate::guests::Guest;
use crate::relay::encoding::Writer;

/// `[needs] egress`, and what a function may take.
fn grants(grants: &[String]) -> impl Fn(&Guest) -> String {
    let text = format!("egress = {grants:?}\n\n[limits]\nbody = \"1MiB\"\n");
    move |_: &Guest| text.clone()
}

fn send(method: &str, url: &str) -> Writer {
    let mut call = Writer::default();
    call.string("http-client.send");
    write_request(&mut call, (method, url), &[("x-a", "1"), ("host", "elsewhere")], b"body");
    call
}

fn send_many(urls: &[String]) -> Writer {
    let mut call = Writer::default();
    call.string("http-client.send-many").u32(u32::try_from(urls.len()).unwrap());
    for url in urls {
        write_request(&mut call, ("GET", url), &[], &[]);
    }
    call
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_host_gets_the_request_and_nothing_more() {
    let peer = Peer::start().await.unwrap();
    let address = peer.address();
    let host = TestHost::start().await.unwrap();
    let scene = Scene::set(host, grants(&[format!("http://{address}")])).await;
    for guest in &scene.guests {
        let url = format!("http://{address}/a%20b?c=d#not-this");
        let trace = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
        let came = outcome(read(scene.post(guest, &trace, send("PUT", &url)).await)).unwrap();
        assert_eq!((came.status, &came.body[..]), (200, &b"body"[..]));
        assert_eq!(came.header("x-line"), Some("PUT /a%20b?c=d"));
        assert_eq!(came.header("was-host"), Some(&*address.to_string()));
        let mut names: Vec<_> =
            came.headers.iter().filter_map(|(name, _)| name.strip_prefix("was-")).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "host", "x-a"]);

        let redirect =
            outcome(scene.ask(guest, send("GET", &format!("http://{address}/redirect"))).await);
        assert_eq!(redirect.unwrap().status, 302);
        let large = send("GET", &format!("http://{address}/large/1048577"));
        let error = outcome(scene.ask(guest, large).await).unwrap_err();
        assert_eq!((error.kind(), error.detail("limit")), (Kind::TooLarge, Some("1048576")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_denied_by_its_name_and_by_the_address_that_it_has() {
    let peer = Peer::start().await.unwrap();
    let port = peer.address().port();
    // names, none of which says that it is this machine
    let names = [format!("127.1:{port}"), format!("*:{port}"), format!("*.localhost:{port}")];
    let host = TestHost::start().await.unwrap();
    let scene = Scene::set(host, grants(&names)).await;
    for guest in &scene.guests {
        for (url, of_the_name) in [
            ("http://example.com/".to_owned(), true),
            ("https://localhost/".to_owned(), true),
            (format!("http://127.1:{port}/"), false),
            (format!("http://localhost:{port}/"), false),
            (format!("http://127.0.0.1:{port}/"), false),
            (format!("http://[::1]:{port}/"), false),
            (format!("http://169.254.169.254:{port}/latest/meta-data"), false),
        ] {
            let error = outcome(scene.ask(guest, send("GET", &url)).await).unwrap_err();
            assert_eq!(error.kind(), Kind::Denied, "{url}: {error}");
            assert_eq!(error.message().contains("under [needs]"), of_the_name, "{error}");
            assert_eq!(error.message().contains("private:"), !of_the_name, "{error}");
        }
        for wrong in ["/path", "ftp://example.com/", "http://user:password@example.com/", ""] {
            let error = outcome(scene.ask(guest, send("GET", wrong)).await).unwrap_err();
            assert_eq!(error.kind(), Kind::InvalidArgument, "{wrong}: {error}");
            assert!(!error.message().contains("password"), "{error}");
        }
    }
    assert_eq!(peer.accepted(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_may_be_near_where_its_grant_says_so() {
    let peer = Peer::start().await.unwrap();
    let port = peer.address().port();
    for grant in [format!("localhost:{port}"), format!("private:*:{port}")] {
        let host = TestHost::start().await.unwrap();
        let scene = Scene::set(host, grants(&[grant])).await;
        let came = outcome(
            scene.ask(&scene.guests[0], send("GET", &format!("http://localhost:{port}/"))).await,
        );
        assert_eq!(came.unwrap().status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_requests_are_under_way_at_the_same_time_over_connections_that_are_kept() {
    let peer = Peer::start().await.unwrap();
    let address = peer.address();
    let host = TestHost::start().await.unwrap();
    let scene = Scene::set(host, grants(&[address.to_string()])).await;
    let meet = vec![format!("http://{address}/meet/3/here"); 3];
    for guest in &scene.guests {
        let answers = outcomes(scene.ask(guest, send_many(&meet)).await);
        assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|a| a.status == 200)));
        let mixed = [
            format!("http://{address}/status/201"),
            "http://example.com/".to_owned(),
            format!("http://{address}/status/404"),
        ];
        let answers = outcomes(scene.ask(guest, send_many(&mixed)).await);
        let [first, second, third] = &answers[..] else { panic!("{answers:?}") };
        assert_eq!(first.as_ref().unwrap().status, 201);
        assert_eq!(second.as_ref().unwrap_err().kind(), Kind::Denied);
        assert_eq!(third.as_ref().unwrap().status, 404);
    }
    assert_eq!(peer.accepted(), 3, "whatever the number of functions");
    let guest = &scene.guests[0];
    let many = outcomes(scene.ask(guest, send_many(&vec![String::new(); 101])).await);
    assert!(many.iter().all(|answer| answer.as_ref().is_err_and(|e| e.kind() == Kind::TooLarge)));
}

#[tokio::test(flavor = "multi_thread")]
async fn https_is_spoken_with_servers_that_the_host_trusts() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    fs::write(&cert, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let peer = Peer::with_tls(&cert, &key).await.unwrap();
    let port = peer.address().port();
    let url = format!("https://localhost:{port}/");
    let granted = [format!("https://localhost:{port}")];

    let config = format!("[egress]\nca = {cert:?}\n");
    let trusting = TestHost::builder().config(config).start().await.unwrap();
    let scene = Scene::set(trusting, grants(&granted)).await;
    for guest in &scene.guests {
        assert_eq!(outcome(scene.ask(guest, send("GET", &url)).await).unwrap().status, 200);
    }
    let requests = peer.requests();
    let scene = Scene::set(TestHost::start().await.unwrap(), grants(&granted)).await;
    let error = outcome(scene.ask(&scene.guests[0], send("GET", &url)).await).unwrap_err();
    assert!([Kind::Unavailable, Kind::FailedPrecondition].contains(&error.kind()), "{error}");
    assert_eq!(peer.requests(), requests, "an unknown certificate gets no request");
}
