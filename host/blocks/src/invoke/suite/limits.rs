//! Size and time.

use std::time::Duration;

use ottavo_core::Kind;
use tokio::time::Instant;

use super::space::{Space, app, request, within};
use super::{MOST, PEER};
use crate::suite::{Verdict, cases, ensure, equal, refused};

cases! {
    an_answer_up_to_the_limit_comes_whole,
    an_answer_beyond_the_limit_is_too_large,
    who_does_not_answer_in_time_is_a_timeout,
}

async fn an_answer_up_to_the_limit_comes_whole(space: &Space) -> Verdict {
    // what a door adds around a body must find room
    let size = usize::try_from(MOST).expect("it fits") - (64 << 10);
    let (status, body) = space.got(&format!("/large/{size}")).await?;
    equal!((status, body.len()), (200, size), "status and size");
    Ok(())
}

async fn an_answer_beyond_the_limit_is_too_large(space: &Space) -> Verdict {
    let answer = space.send(request("GET", &format!("/large/{}", MOST + 1), &[], &[])).await;
    let answer = answer.map(|answer| answer.body().len());
    if let Err(error) = &answer {
        let limit = error.detail("limit");
        ensure!(limit.is_some(), "expected a detail `limit` of {error:?}");
    }
    refused(answer, Kind::TooLarge, "an answer over the limit")
}

async fn who_does_not_answer_in_time_is_a_timeout(space: &Space) -> Verdict {
    let begun = Instant::now();
    let cx = within(Duration::from_millis(300));
    let answer = space.store.call(&cx, &app(PEER), request("GET", "/hang", &[], &[])).await;
    let took = begun.elapsed();
    refused(answer, Kind::Timeout, "no answer")?;
    // far below any other timeout on the way
    ensure!(took < Duration::from_secs(5), "it took {took:?}");
    Ok(())
}
