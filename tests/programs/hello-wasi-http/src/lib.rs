//! Greets whoever the last segment of the path names, by the plain bindings of `wasi:http` 0.2 alone:
//! any host of such components runs it.

// the names of its exports are none that a linker of another system takes
#![cfg(target_family = "wasm")]

use std::io::Write as _;

use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

struct Hello;

wasip2::http::proxy::export!(Hello);

impl Guest for Hello {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let greeting = format!("Hello, {name}!");
        let fields = Fields::new();
        fields.append("content-type", b"text/plain; charset=utf-8").expect("a header");
        fields.append("content-length", greeting.len().to_string().as_bytes()).expect("a header");
        let response = OutgoingResponse::new(fields);
        let body = response.body().expect("the first time");
        ResponseOutparam::set(out, Ok(response));
        let mut stream = body.write().expect("the first time");
        stream.write_all(greeting.as_bytes()).expect("the client reads");
        drop(stream);
        OutgoingBody::finish(body, None).expect("as long as was said");
    }
}
