//! Calls within calls: how deep they go, and that nothing waits for itself.

use ottavo_core::Kind;
use ottavo_test_support::TestHost;

use super::scene::{self, Scene, fact, outcome, target, through};
use crate::relay::encoding::{Reader, Writer};

/// A call that goes through `depth` functions, one language after the other, to ask for `depth`.
fn nested(scene: &Scene, depth: usize) -> Writer {
    let around = scene.guests.iter().cycle().skip(1).take(depth).collect::<Vec<_>>();
    around.into_iter().rev().fold(fact("depth"), |inner, guest| through(&target(guest), inner))
}

fn text(mut reader: Reader) -> Option<String> {
    reader.option(Reader::string).unwrap()
}

/// Calls of this depth are made, and the next one is refused.
async fn goes_as_deep_as(most: usize, host: TestHost) {
    let scene = Scene::set(host, |_| String::new()).await;
    let first = &scene.guests[0];
    for depth in [0, most] {
        let mut reader = scene.ask(first, nested(&scene, depth)).await;
        for _ in 0..depth {
            reader = outcome(reader).unwrap().inner();
        }
        assert_eq!(text(reader), Some(depth.to_string()));
    }
    let mut reader = scene.ask(first, nested(&scene, most + 1)).await;
    for _ in 0..most {
        reader = outcome(reader).unwrap().inner();
    }
    let error = outcome(reader).unwrap_err();
    assert_eq!((error.kind(), error.retryable()), (Kind::FailedPrecondition, false), "{error}");
    assert_eq!(error.detail("depth"), Some(&*most.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_eight_deep_and_no_deeper() {
    goes_as_deep_as(8, TestHost::start().await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_as_deep_as_the_host_is_told_and_no_deeper() {
    for most in [0, 64] {
        let host = TestHost::builder().engine(format!("max_depth = {most}"));
        goes_as_deep_as(most, host.start().await.unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_calls_itself_on_a_full_host_is_told_so_and_does_not_wait() {
    let host = TestHost::builder().engine("max_instances = 3").start().await.unwrap();
    let scene = Scene::set(host, |_| String::new()).await;
    let guest = &scene.guests[0];
    let itself =
        |depth: usize| (0..depth).fold(fact("depth"), |inner, _| through(&target(guest), inner));
    // as many as there is room for
    let reader = scene.ask(guest, itself(2)).await;
    let inner = outcome(outcome(reader).unwrap().inner()).unwrap().inner();
    assert_eq!(text(inner), Some("2".to_owned()));
    // and one more
    let reader = scene.ask(guest, itself(3)).await;
    let reader = outcome(outcome(reader).unwrap().inner()).unwrap().inner();
    let error = outcome(reader).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
    assert_eq!(error.detail("function"), Some(&*format!("conformance-{}", guest.name)));
    // many at the same time are all answered: with what they asked for, or with that there is no room
    let many = (0..20).map(|_| scene.post(guest, &[], itself(2)));
    let begun = std::time::Instant::now();
    for answer in futures_util::future::join_all(many).await {
        assert!([200, 503].contains(&answer.status), "{}", answer.status);
        if answer.status == 200 {
            let outer = outcome(scene::read(answer));
            assert!(outer.is_ok() || outer.is_err_and(|e| e.kind() == Kind::Unavailable));
        }
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(8), "{:?}", begun.elapsed());
}
