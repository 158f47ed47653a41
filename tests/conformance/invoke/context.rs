//! What goes along with a call: who calls, the request's id, the trace, the time that is left.

use ottavo_blocks::invoke::suite::PEER;
use ottavo_test_support::{Peer, TestHost};
use ottavo_wire::v1::invoke_client::InvokeClient;
use ottavo_wire::v1::{HttpOutgoing, InvokeCallRequest};
use tonic::transport::Channel;

use super::scene::{Scene, ask, deploy, fact, get, outcome, read, target, through, write_request};
use crate::relay::encoding::{Reader, Writer};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OTHER: &str = "00-11111111111111111111111111111111-2222222222222222-00";
const HEADERS: [(&str, &str); 4] = [
    ("traceparent", PARENT),
    ("tracestate", "a=1,b=2"),
    ("baggage", "user=7"),
    ("x-request-id", "the-id"),
];

fn option(mut reader: Reader) -> Option<String> {
    reader.option(Reader::string).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_knows_what_surrounds_it_called_over_http() {
    let more = |_: &_| "\n[env]\nGREETING = \"hi\"\n[limits]\ntimeout = \"5s\"\n".to_owned();
    let scene = Scene::set(TestHost::start().await.unwrap(), more).await;
    for guest in &scene.guests {
        let known = async |call: Writer| read(scene.post(guest, &HEADERS, call).await);
        assert_eq!(known(ask("context.request-id")).await.string().unwrap(), "the-id");
        assert_eq!(option(known(ask("context.caller")).await), None);
        let remote = option(known(ask("context.remote")).await).unwrap();
        assert!(remote.parse::<std::net::SocketAddr>().unwrap().ip().is_loopback(), "{remote}");
        let remaining = known(ask("context.remaining")).await.u64().unwrap();
        assert!((1..=5000).contains(&remaining), "{remaining}");
        let path = format!("/conformance/{}", guest.name);
        for (name, value) in [
            ("function", Some(&*format!("conformance-{}", guest.name))),
            ("version", Some("1")),
            ("route", Some(&*path)),
            ("scheme", Some("http")),
            ("depth", Some("0")),
            ("traceparent", Some(PARENT)),
            ("tracestate", Some("a=1,b=2")),
            ("baggage", Some("user=7")),
            ("x-request-id", None),
        ] {
            assert_eq!(option(known(fact(name)).await).as_deref(), value, "{name}");
        }
        for (name, value) in [("GREETING", Some("hi")), ("OTHER", None)] {
            let mut call = ask("context.setting");
            call.string(name);
            assert_eq!(option(known(call).await).as_deref(), value);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_knows_who_calls_it_by_name_and_what_goes_along() {
    let more = |_: &_| "\n[limits]\ntimeout = \"5s\"\n".to_owned();
    let scene = Scene::set(TestHost::start().await.unwrap(), more).await;
    for (caller, callee) in scene.pairs() {
        let known = async |call: Writer| {
            let answer = scene.post(caller, &HEADERS, through(&target(callee), call)).await;
            outcome(read(answer)).unwrap().inner()
        };
        assert_eq!(known(ask("context.request-id")).await.string().unwrap(), "the-id");
        let name = format!("conformance-{}", caller.name);
        assert_eq!(option(known(ask("context.caller")).await), Some(name));
        assert_eq!(option(known(ask("context.remote")).await), None);
        let remaining = known(ask("context.remaining")).await.u64().unwrap();
        assert!((1..=5000).contains(&remaining), "{remaining}");
        for (name, value) in [
            ("function", Some(&*format!("conformance-{}", callee.name))),
            ("route", None),
            ("scheme", None),
            ("depth", Some("1")),
            ("traceparent", Some(PARENT)),
            ("tracestate", Some("a=1,b=2")),
            ("baggage", Some("user=7")),
        ] {
            assert_eq!(option(known(fact(name)).await).as_deref(), value, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_told_the_same_and_a_trace_of_the_callers_own_wins() {
    let peer = Peer::start().await.unwrap();
    let address = peer.address();
    let config = format!(
        "[invoke.default]\ndriver = \"http\"\napps = {{ {PEER} = \"http://{address}\" }}\n"
    );
    let host = TestHost::builder().config(config).start().await.unwrap();
    let scene = Scene::set(host, |_| String::new()).await;
    for guest in &scene.guests {
        let came = read(scene.post(guest, &HEADERS, get(PEER, "/")).await);
        let came = outcome(came).unwrap();
        for (name, value) in HEADERS {
            assert_eq!(came.header(&format!("was-{name}")), Some(value));
        }
        let name = format!("conformance-{}", guest.name);
        assert_eq!(came.header("was-x-ottavo-caller"), Some(&*name));
        assert_eq!(came.header("was-host"), Some(&*address.to_string()));

        let mut call = Writer::default();
        call.string("invoke.call").string(PEER);
        let own =
            [("traceparent", OTHER), ("x-ottavo-caller", "somebody-else"), ("connection", "x")];
        write_request(&mut call, ("GET", "/"), &own, &[]);
        let came = outcome(read(scene.post(guest, &HEADERS, call).await)).unwrap();
        assert_eq!(came.header("was-traceparent"), Some(OTHER));
        assert_eq!(came.header("was-tracestate"), None);
        assert_eq!(came.header("was-baggage"), Some("user=7"));
        assert_eq!(came.header("was-x-ottavo-caller"), Some(&*name));
        assert_eq!(came.header("was-connection"), None);
    }
    // one after the other, whatever their language: one connection
    assert_eq!(peer.accepted(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metadata_of_a_grpc_call_goes_along() {
    let scene = Scene::set(TestHost::start().await.unwrap(), |_| String::new()).await;
    let channel = Channel::from_shared(format!("http://{}", scene.host.grpc())).unwrap();
    let mut client = InvokeClient::new(channel.connect().await.unwrap());
    let callee = &scene.guests[0];
    let mut ask = async |call: Writer| {
        let request = HttpOutgoing {
            method: "POST".to_owned(),
            url: "/conformance/".to_owned(),
            body: call.finish(),
            ..HttpOutgoing::default()
        };
        let call = InvokeCallRequest { target: target(callee), request: Some(request) };
        let mut call = tonic::Request::new(call);
        for (name, value) in HEADERS {
            call.metadata_mut().insert(name, value.parse().unwrap());
        }
        let answer = client.call(call).await.unwrap().into_inner().response.unwrap();
        assert_eq!(answer.status, 200);
        Reader::new(answer.body)
    };
    assert_eq!(option(ask(fact("traceparent")).await).as_deref(), Some(PARENT));
    assert_eq!(option(ask(fact("baggage")).await).as_deref(), Some("user=7"));
    assert_eq!(ask(super::scene::ask("context.request-id")).await.string().unwrap(), "the-id");
    assert_eq!(option(ask(super::scene::ask("context.caller")).await), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_without_a_grant() {
    let host = TestHost::start().await.unwrap();
    let scene = Scene::set(host, |_| String::new()).await;
    let callee = &scene.guests[0];
    for caller in &scene.guests {
        deploy(&scene.host, caller, "invoke = [\"fn:other\", \"app:*\"]\n").await;
        let before = scene.ask(caller, get(&target(callee), "/")).await;
        let error = outcome(before).unwrap_err();
        assert_eq!(error.kind(), ottavo_core::Kind::Denied, "{error}");
        assert!(error.message().contains("under [needs]"), "{error}");
        // an id of an app is granted, but there is none
        let error = outcome(scene.ask(caller, get("nobody", "/")).await).unwrap_err();
        assert_eq!(error.kind(), ottavo_core::Kind::NotFound, "{error}");
    }
}
