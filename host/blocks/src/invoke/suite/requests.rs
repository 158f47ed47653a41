//! What arrives is what was sent.

use super::space::{Space, lines, request};
use crate::suite::{Verdict, cases, equal, ok};

cases! {
    methods_and_targets_arrive_as_they_are,
    header_lines_arrive_in_order,
    header_values_need_not_be_ascii,
    a_body_is_any_bytes,
    an_empty_body_stays_empty,
    a_large_body_arrives_whole,
}

async fn methods_and_targets_arrive_as_they_are(space: &Space) -> Verdict {
    for (method, target) in [
        ("GET", "/"),
        ("POST", "/a%20b/%C3%A9?x=1&x=%2F&y"),
        ("PUT", "/a/../b//c"),
        ("DELETE", "/?="),
        ("PATCH", "/a?b=c?d"),
        ("PURGE", "/x"),
    ] {
        let answer = ok(space.send(request(method, target, &[], &[])).await, target)?;
        let line = format!("{method} {target}");
        equal!(lines(answer.headers(), "x-line"), [line.as_bytes()], "what arrived");
    }
    Ok(())
}

async fn header_lines_arrive_in_order(space: &Space) -> Verdict {
    let headers = [("x-a", "1"), ("X-B", "2"), ("x-a", "3"), ("accept", "text/*, a;q=0.5")];
    let answer = ok(space.send(request("GET", "/", &headers, &[])).await, "call")?;
    equal!(lines(answer.headers(), "was-x-a"), [b"1", b"3"], "lines of `x-a`");
    equal!(lines(answer.headers(), "was-x-b"), [b"2"], "lines of `x-b`");
    equal!(lines(answer.headers(), "was-accept"), [b"text/*, a;q=0.5"], "lines of `accept`");
    Ok(())
}

async fn header_values_need_not_be_ascii(space: &Space) -> Verdict {
    let answer = ok(space.send(request("GET", "/", &[("x-a", "é ☃")], &[])).await, "call")?;
    equal!(lines(answer.headers(), "was-x-a"), ["é ☃".as_bytes()], "the value");
    Ok(())
}

async fn a_body_is_any_bytes(space: &Space) -> Verdict {
    let body: Vec<u8> = (0..=255).chain([0, 0, 255]).collect();
    let answer = ok(space.send(request("POST", "/", &[], &body)).await, "call")?;
    equal!(&answer.body()[..], &body[..], "the body");
    Ok(())
}

async fn an_empty_body_stays_empty(space: &Space) -> Verdict {
    let answer = ok(space.send(request("POST", "/", &[], &[])).await, "call")?;
    equal!(answer.body().len(), 0, "bytes of the body");
    Ok(())
}

async fn a_large_body_arrives_whole(space: &Space) -> Verdict {
    let body: Vec<u8> = (0..1_000_000u32).map(|n| (n % 251) as u8).collect();
    let answer = ok(space.send(request("POST", "/", &[], &body)).await, "call")?;
    equal!(answer.body() == &body, true, "whether the body is the same");
    Ok(())
}
