//! What goes wrong after the head of an answer must not look like its end.

use ottavo_test_support::TestHost;

use super::streams::h2_steps;
use super::{Wasi, host, until, until_stopped};
use crate::http::raw::Raw;

/// What the log says of each.
fn ends(wasi: Wasi) -> [(&'static str, &'static str); 5] {
    const LATE: &str = "took longer than its timeout of 2s";
    let left = match wasi {
        Wasi::Second => "returned without finishing its answer's body",
        // it may be that of somebody else, which still comes
        Wasi::Third => LATE,
    };
    [
        ("trap", "trapped"),
        ("drop", "gave its answer's body up before its end"),
        ("leave", left),
        ("spin", "ran longer than its CPU limit of 200ms"),
        ("sleep", LATE),
    ]
}

async fn limited(wasi: Wasi) -> TestHost {
    host(wasi, "[limits]\ncpu = \"200ms\"\ntimeout = \"2s\"").await
}

async fn over_http_1_the_connection_closes_without_the_last_chunk(wasi: Wasi) {
    let host = limited(wasi).await;
    for (end, said) in ends(wasi) {
        let mut raw = Raw::steps(host.http(), "/w/steps").await;
        raw.say("hello\n").await;
        assert_eq!(raw.chunk().await.as_deref(), Some(&b"hello\n"[..]), "{end}");
        // what it writes just before is sent
        raw.say(&format!("last words\n{end}\n")).await;
        assert_eq!(raw.chunk().await.as_deref(), Some(&b"last words\n"[..]), "{end}");
        assert_eq!(raw.chunk().await, None, "{end}");
        until(end, async || host.log().contains(said)).await;
    }
    until_stopped(&host).await;
}

async fn over_http_2_the_stream_is_reset_and_the_others_go_on(wasi: Wasi) {
    let host = limited(wasi).await;
    for (end, _) in ends(wasi) {
        let (say, mut coming) = h2_steps(&host).await;
        assert_eq!(coming.next().await.unwrap().unwrap(), "first\n", "{end}");
        say.say(end).await;
        say.say("\n").await;
        let error = coming.next().await.expect("not its end").expect_err(end);
        let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(reason.contains("stream error") || reason.contains("reset"), "{end}: {reason}");
    }
    until_stopped(&host).await;
}

async fn what_fails_before_anything_was_sent_is_an_answer_that_says_so(wasi: Wasi) {
    let host = limited(wasi).await;
    // the head was given, and nobody had to wait for what follows
    let answer = host.send("POST", "/w/steps", "trap\n").await.unwrap();
    let error = answer.json()["error"].clone();
    assert_eq!((answer.status, &error["kind"]), (500, &"internal".into()), "{error}");
    assert!(error["insides"].as_str().unwrap().contains("trapped"), "{error}");
}

async fn an_answer_that_is_whole_stays_whole_whatever_comes_after_it(wasi: Wasi) {
    let host = limited(wasi).await;
    let mut raw = Raw::steps(host.http(), "/w/steps").await;
    raw.say("hello\n").await;
    raw.say("after\n").await;
    assert_eq!(raw.chunk().await.as_deref(), Some(&b"hello\n"[..]));
    assert_eq!(raw.chunk().await.as_deref(), Some(&b""[..]), "the end");
    drop(raw);
    // it goes on, and may
    until("what comes after", async || host.value("after").await.unwrap().is_some()).await;
    until_stopped(&host).await;
}

async fn a_function_that_goes_on_after_its_answer_is_waited_for_at_the_end(wasi: Wasi) {
    let host = host(wasi, "").await;
    let mut raw = Raw::steps(host.http(), "/w/steps").await;
    raw.say("hello\n").await;
    raw.say("after\n").await;
    assert_eq!(raw.whole().await, Some(6));
    assert_eq!(host.value("after").await.unwrap(), None, "it takes a moment");
    host.signal("-TERM").await.unwrap();
    let (status, folder) = host.wait().await.unwrap();
    assert!(status.success(), "{status}");
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    assert_eq!(host.value("after").await.unwrap().unwrap(), "done");
}

both! {
    over_http_1_the_connection_closes_without_the_last_chunk,
    over_http_2_the_stream_is_reset_and_the_others_go_on,
    what_fails_before_anything_was_sent_is_an_answer_that_says_so,
    an_answer_that_is_whole_stays_whole_whatever_comes_after_it,
    a_function_that_goes_on_after_its_answer_is_waited_for_at_the_end,
}
