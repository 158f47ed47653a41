//! Answers calls by name as the suite's peer does.

use ottavo_sdk::{Request, Response};

/// The answer to any path that is not the relay's own.
pub(crate) fn answer(request: Request) -> Response {
    let path = request.path();
    let number = |prefix: &str| path.strip_prefix(prefix).and_then(|n| n.parse::<usize>().ok());
    if let Some(status) = number("/status/") {
        let answer = Response::status(u16::try_from(status).unwrap_or(500));
        return answer.with_body(format!("status {status}"));
    }
    if let Some(size) = number("/large/") {
        return Response::bytes(vec![b'x'; size]);
    }
    match path {
        "/redirect" => Response::status(302).with_header("location", "/elsewhere"),
        "/hang" => hang(),
        _ => echo(&request),
    }
}

/// Until the deadline.
fn hang() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

fn echo(request: &Request) -> Response {
    let query = request.query_string().map(|query| format!("?{query}")).unwrap_or_default();
    let line = format!("{} {}{query}", request.method(), request.path());
    let answer = Response::status(200).with_header("x-line", line).with_body(request.body());
    request.headers().fold(answer, |answer, (name, value)| {
        answer.with_added_header(&format!("was-{name}"), value)
    })
}
