//! A function with our own handler that sends a request through `wasi:http`: `?to=HOST:PORT` is asked for
//! `/asked`, and its answer is the answer.

use ottavo_sdk::{Request, Response, Result};
use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{Fields, OutgoingBody, OutgoingRequest, Scheme};
use wasip2::io::streams::StreamError;

#[ottavo_sdk::http]
fn fetch(request: Request) -> Result<Response> {
    let to = request.query("to").unwrap_or_default();
    let outgoing = OutgoingRequest::new(Fields::new());
    outgoing.set_scheme(Some(&Scheme::Http)).expect("a scheme");
    outgoing.set_authority(Some(&to)).expect("an authority");
    outgoing.set_path_with_query(Some("/asked")).expect("a path");
    let body = outgoing.body().expect("the first time");
    let response = handle(outgoing, None).expect("it is sent");
    OutgoingBody::finish(body, None).expect("it is whole");
    response.subscribe().block();
    let response = match response.get().expect("it is there").expect("the first time") {
        Ok(response) => response,
        Err(code) => return Ok(Response::text(format!("{code:?}")).with_status(502)),
    };
    let status = response.status();
    let incoming = response.consume().expect("the first time");
    let input = incoming.stream().expect("the first time");
    let mut all = Vec::new();
    loop {
        match input.blocking_read(64 << 10) {
            Ok(chunk) => all.extend(chunk),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => panic!("{error}"),
        }
    }
    Ok(Response::bytes(all).with_status(status))
}
