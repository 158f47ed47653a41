//! Calls that end before they are answered: whoever is called stops with whoever calls.

use std::time::{Duration, Instant};

use ottavo_blocks::invoke::suite::PEER;
use ottavo_core::Kind;
use ottavo_test_support::{Peer, TestHost};
use ottavo_wire::from_status;
use ottavo_wire::v1::invoke_client::InvokeClient;
use ottavo_wire::v1::{HttpOutgoing, InvokeCallRequest};
use tonic::transport::Channel;

use super::scene::{Scene, get, target};
use crate::guests::{self, Guest};

/// So much that nothing but a caller ends a call.
const LONG: &str = "\n[limits]\ncpu = \"60s\"\ntimeout = \"60s\"\n";

/// Less than that, and more than anything takes that ends in time.
const SOON: Duration = Duration::from_secs(20);

async fn hangs(host: &TestHost, guest: &Guest) -> Result<(), tonic::Status> {
    let channel = Channel::from_shared(format!("http://{}", host.grpc())).unwrap();
    let mut client = InvokeClient::new(channel.connect().await.unwrap());
    let request = HttpOutgoing {
        method: "GET".to_owned(),
        url: "/hang".to_owned(),
        ..HttpOutgoing::default()
    };
    let call = InvokeCallRequest { target: target(guest), request: Some(request) };
    client.call(call).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_stops_the_function_that_its_function_calls() {
    let scene = Scene::set(TestHost::start().await.unwrap(), |_| LONG.to_owned()).await;
    for (caller, callee) in scene.pairs() {
        let begun = Instant::now();
        let call = scene.post(caller, &[], get(&target(callee), "/hang"));
        tokio::select! {
            answer = call => panic!("an answer: {answer:?}"),
            () = scene.until_running(callee, 1) => {}
        }
        // the connection is closed by now
        scene.until_running(callee, 0).await;
        scene.until_running(caller, 0).await;
        assert!(begun.elapsed() < SOON, "{} calls {}", caller.title, callee.title);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_over_grpc_that_is_cancelled_stops_the_function() {
    let scene = Scene::set(TestHost::start().await.unwrap(), |_| LONG.to_owned()).await;
    for callee in &scene.guests {
        let begun = Instant::now();
        tokio::select! {
            answer = hangs(&scene.host, callee) => panic!("an answer: {answer:?}"),
            () = scene.until_running(callee, 1) => {}
        }
        scene.until_running(callee, 0).await;
        assert!(begun.elapsed() < SOON, "{}", callee.title);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_ends_the_exchange_with_an_app() {
    let peer = Peer::start().await.unwrap();
    let config = format!(
        "[invoke.default]\ndriver = \"http\"\napps = {{ {PEER} = \"http://{}\" }}\n",
        peer.address()
    );
    let host = TestHost::builder().config(config).start().await.unwrap();
    let scene = Scene::set(host, |_| LONG.to_owned()).await;
    let call = scene.post(&scene.guests[0], &[], get(PEER, "/hang"));
    tokio::select! {
        answer = call => panic!("an answer: {answer:?}"),
        hanging = peer.until_hanging(1) => hanging.unwrap(),
    }
    peer.until_hanging(0).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_loops_does_not_outlive_the_deadline_of_its_caller() {
    let names: Vec<_> = guests::built().into_iter().map(|guest| guest.name).collect();
    let place = |guest: &Guest| names.iter().position(|name| *name == guest.name).unwrap();
    // every second one has little time, and those that it calls have much
    for hurried in [0, 1] {
        let limits = |guest: &Guest| match place(guest) % 2 == hurried {
            true => "\n[limits]\ncpu = \"60s\"\ntimeout = \"400ms\"\n".to_owned(),
            false => LONG.to_owned(),
        };
        let scene = Scene::set(TestHost::start().await.unwrap(), limits).await;
        let pairs = scene.pairs().filter(|(caller, callee)| {
            place(caller) % 2 == hurried && place(callee) % 2 != hurried
        });
        for (caller, callee) in pairs {
            let begun = Instant::now();
            let answer = scene.post(caller, &[], get(&target(callee), "/hang")).await;
            // the caller may still find the time to tell of the timeout itself
            assert!([200, 504].contains(&answer.status), "{answer:?}");
            scene.until_running(callee, 0).await;
            assert!(begun.elapsed() < SOON, "{} calls {}", caller.title, callee.title);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grpc_deadline_ends_the_function_and_says_so() {
    let scene = Scene::set(TestHost::start().await.unwrap(), |_| LONG.to_owned()).await;
    let callee = &scene.guests[0];
    let channel = Channel::from_shared(format!("http://{}", scene.host.grpc())).unwrap();
    let mut client = InvokeClient::new(channel.connect().await.unwrap());
    let request = HttpOutgoing {
        method: "GET".to_owned(),
        url: "/hang".to_owned(),
        ..HttpOutgoing::default()
    };
    let call = InvokeCallRequest { target: target(callee), request: Some(request) };
    let mut call = tonic::Request::new(call);
    call.set_timeout(Duration::from_millis(400));
    let error = from_status(&client.call(call).await.unwrap_err());
    // the client has a timer of its own, which may be the first
    assert!([Kind::Timeout, Kind::Cancelled].contains(&error.kind()), "{error}");
    scene.until_running(callee, 0).await;
}
