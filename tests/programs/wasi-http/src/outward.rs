//! Requests to the outside.

use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{
    ErrorCode, Fields, IncomingRequest, IncomingResponse, Method, OutgoingBody, OutgoingRequest,
    ResponseOutparam, Scheme,
};
use wasip2::io::streams::{InputStream, OutputStream, StreamError};

use crate::answer::{answer, begin, request_body};

/// Sends the request's method and body there, and the answer back.
pub(crate) fn fetch(request: IncomingRequest, out: ResponseOutparam, url: &str) {
    match sent(&request, url) {
        Ok(response) => {
            let fields = Fields::new();
            for (name, value) in response.headers().entries() {
                if name != "content-length" {
                    fields.append(&name, &value).expect("a header");
                }
            }
            let incoming = response.consume().expect("the first time");
            let input = incoming.stream().expect("the first time");
            let mut body = begin(out, response.status(), fields);
            while let Some(chunk) = next(&input) {
                body.send(&chunk);
            }
            drop((input, incoming));
            body.finish();
        }
        Err(code) => answer(out, 502, &format!("{code:?}")),
    }
}

/// Leaves a request on its way.
pub(crate) fn abandon(out: ResponseOutparam, url: &str) {
    let response = handle(outgoing(&Method::Get, url), None).expect("it is sent");
    answer(out, 200, "not waited for");
    drop(response);
}

fn sent(request: &IncomingRequest, url: &str) -> Result<IncomingResponse, ErrorCode> {
    let outgoing = outgoing(&request.method(), url);
    let body = outgoing.body().expect("the first time");
    let response = handle(outgoing, None)?;
    let (incoming, input) = request_body(request);
    let to = body.write().expect("the first time");
    while let Some(chunk) = next(&input) {
        if !written(&to, &chunk) {
            break;
        }
    }
    drop((to, input, incoming));
    OutgoingBody::finish(body, None)?;
    response.subscribe().block();
    response.get().expect("it is there").expect("the first time")
}

fn outgoing(method: &Method, url: &str) -> OutgoingRequest {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let request = OutgoingRequest::new(Fields::new());
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    request.set_method(method).expect("a method");
    request.set_scheme(Some(&scheme)).expect("a scheme");
    request.set_authority(Some(authority)).expect("an authority");
    request.set_path_with_query(Some(&format!("/{path}"))).expect("a path");
    request
}

fn next(from: &InputStream) -> Option<Vec<u8>> {
    match from.blocking_read(64 << 10) {
        Ok(chunk) => Some(chunk),
        Err(StreamError::Closed) => None,
        Err(StreamError::LastOperationFailed(error)) => panic!("{}", error.to_debug_string()),
    }
}

/// Whether the other side still takes it.
fn written(to: &OutputStream, chunk: &[u8]) -> bool {
    chunk.chunks(4096).all(|part| to.blocking_write_and_flush(part).is_ok())
}
