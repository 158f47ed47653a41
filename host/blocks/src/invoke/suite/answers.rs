//! What counts as an answer, and what does not.

use std::time::Duration;

use ottavo_core::Kind;

use super::space::{Space, app, lines, request, within};
use super::{NOBODY, PEER};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    any_status_is_an_answer,
    a_redirect_is_an_answer_and_not_followed,
    an_unknown_app_is_not_found,
    many_answers_come_in_the_order_asked,
    many_outcomes_are_each_their_own,
    many_calls_wait_at_the_same_time needs Meeting,
}

async fn any_status_is_an_answer(space: &Space) -> Verdict {
    for status in [200, 201, 400, 404, 418, 500, 503, 599] {
        let got = space.got(&format!("/status/{status}")).await?;
        equal!(got, (status, format!("status {status}").into()), "the answer");
    }
    Ok(())
}

async fn a_redirect_is_an_answer_and_not_followed(space: &Space) -> Verdict {
    let answer = space.get("/redirect").await?;
    equal!(answer.status().as_u16(), 302, "the status");
    equal!(lines(answer.headers(), "location"), [b"/elsewhere"], "where it points");
    Ok(())
}

async fn an_unknown_app_is_not_found(space: &Space) -> Verdict {
    let cx = within(Duration::from_secs(60));
    let call = space.store.call(&cx, &app(NOBODY), request("GET", "/", &[], &[])).await;
    refused(call, Kind::NotFound, "an app that does not exist")
}

async fn many_answers_come_in_the_order_asked(space: &Space) -> Verdict {
    let target = |n| format!("/status/{}", 200 + n);
    let calls = (0..30).map(|n| (app(PEER), request("GET", &target(n), &[], &[]))).collect();
    let answers = space.store.call_many(&within(Duration::from_secs(60)), calls).await;
    equal!(answers.len(), 30, "answers");
    for (n, answer) in answers.into_iter().enumerate() {
        equal!(ok(answer, "one of many")?.status().as_u16(), 200 + n as u16, "the status");
    }
    equal!(space.store.call_many(&within(Duration::from_secs(60)), vec![]).await.len(), 0, "none");
    Ok(())
}

async fn many_outcomes_are_each_their_own(space: &Space) -> Verdict {
    let calls = [PEER, NOBODY, PEER].map(|id| (app(id), request("GET", "/status/204", &[], &[])));
    let answers = space.store.call_many(&within(Duration::from_secs(60)), calls.into()).await;
    let [first, second, third] = <[_; 3]>::try_from(answers).map_err(|_| "not three answers")?;
    equal!(ok(first, "the first")?.status().as_u16(), 204, "the first");
    refused(second, Kind::NotFound, "the second")?;
    equal!(ok(third, "the third")?.status().as_u16(), 204, "the third");
    Ok(())
}

async fn many_calls_wait_at_the_same_time(space: &Space) -> Verdict {
    let path = format!("/meet/3/{:016x}", fastrand::u64(..));
    let meet = || (app(PEER), request("GET", &path, &[], &[]));
    let calls = vec![meet(), meet(), meet()];
    let answers = space.store.call_many(&within(Duration::from_secs(60)), calls).await;
    ensure!(answers.iter().all(Result::is_ok), "they did not meet: {answers:?}");
    Ok(())
}
