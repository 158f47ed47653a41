//! A component of `wasi:http` 0.2, written against its plain bindings. What it does stands in its path:
//!
//! | path | what happens |
//! |---|---|
//! | `echo` | the body comes back as it arrives, the headers as `x-got-NAME`, the scheme as `x-scheme` |
//! | `count?N` | a body of N bytes, without its length |
//! | `length?SAID,SENT` | says one length and sends another |
//! | `endless` | a body without end; each MiB is counted in the state `produced` |
//! | `steps` | each line of the body comes back, or is done: see `steps` |
//! | `early` | answers without reading |
//! | `read` | answers with how much it read, or with how reading ended |
//! | `silent` | ends without an answer |
//! | `code` | answers with an error code |
//! | `status?N` | answers with this status |
//! | `trailers` | a body and the trailer `x-after` |
//! | `handles` | makes fields of 100,000 bytes until it may not |
//! | `pollables` | makes one thing to wait for after the other, until it may not |
//! | `state?TEXT` | writes the text with `ottavo:runtime/state`, reads it, and answers with it |
//! | `fetch?URL` | sends the request on and answers with the answer, both bodies streaming |
//! | `abandon?URL` | sends a request and answers without waiting for its answer |

// the names of its exports are none that a linker of another system takes
#![cfg(target_family = "wasm")]

mod answer;
mod outward;
mod steps;

use std::io::{Read as _, Write as _};

use ottavo_sdk::state::Store;
use wasip2::clocks::monotonic_clock::subscribe_duration;
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{ErrorCode, Fields, IncomingRequest, ResponseOutparam};
use wasip2::io::streams::StreamError;

use crate::answer::{Body, answer, begin, bytes, request_body};

struct Program;

wasip2::http::proxy::export!(Program);

impl Guest for Program {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        match path.rsplit('/').next().unwrap_or_default() {
            "echo" => echo(&request, out),
            "count" => count(out, query.parse().expect("a number")),
            "length" => length(out, query),
            "endless" => endless(out),
            "steps" => steps::run(&request, out),
            "early" => answer(out, 200, "early"),
            "read" => read(&request, out),
            "silent" => drop(out),
            "code" => {
                let code = ErrorCode::InternalError(Some("on purpose".to_owned()));
                ResponseOutparam::set(out, Err(code));
            }
            "status" => answer(out, query.parse().expect("a status"), "as asked"),
            "handles" => handles(),
            "pollables" => pollables(),
            "trailers" => trailers(out),
            "state" => state(out, query),
            "fetch" => outward::fetch(request, out, query),
            "abandon" => outward::abandon(out, query),
            other => answer(out, 404, other),
        }
    }
}

fn echo(request: &IncomingRequest, out: ResponseOutparam) {
    let fields = Fields::new();
    for (name, value) in request.headers().entries() {
        fields.append(&format!("x-got-{name}"), &value).expect("a header");
    }
    let authority = request.authority().unwrap_or_default();
    fields.append("x-authority", authority.as_bytes()).expect("a header");
    let scheme = format!("{:?}", request.scheme());
    fields.append("x-scheme", scheme.as_bytes()).expect("a header");
    let mut body = begin(out, 200, fields);
    let (incoming, input) = request_body(request);
    loop {
        match input.blocking_read(64 << 10) {
            Ok(chunk) => body.send(&chunk),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => panic!("{}", error.to_debug_string()),
        }
    }
    drop((input, incoming));
    body.finish();
}

fn count(out: ResponseOutparam, bytes: usize) {
    let mut body = begin(out, 200, Fields::new());
    let chunk = [b'x'; 32 << 10];
    let mut left = bytes;
    while left > 0 {
        let next = left.min(chunk.len());
        body.send(&chunk[..next]);
        left -= next;
    }
    body.finish();
}

fn length(out: ResponseOutparam, query: &str) {
    let (said, sent) = query.split_once(',').expect("two numbers");
    let fields = Fields::new();
    fields.append("content-length", said.as_bytes()).expect("a header");
    let mut body = begin(out, 200, fields);
    // more than was said is refused by the stream itself
    drop(body.out().write_all(&bytes(sent.parse().expect("a number"))));
    body.finish_anyway();
}

fn endless(out: ResponseOutparam) {
    let mut body = begin(out, 200, Fields::new());
    let (chunk, store) = (bytes(64 << 10), Store::open("default"));
    loop {
        for _ in 0..16 {
            body.send(&chunk);
        }
        store.increment("produced", 1).expect("the state is there");
    }
}

fn read(request: &IncomingRequest, out: ResponseOutparam) {
    let (incoming, mut input) = request_body(request);
    let mut all = Vec::new();
    let text = match input.read_to_end(&mut all) {
        Ok(size) => format!("{size} bytes"),
        Err(error) => error.to_string(),
    };
    drop((input, incoming));
    answer(out, 200, &text);
}

fn handles() {
    let value = bytes(100_000);
    loop {
        let fields = Fields::new();
        fields.append("x-large", &value).expect("a header");
        std::mem::forget(fields);
    }
}

fn pollables() {
    loop {
        std::mem::forget(subscribe_duration(u64::MAX));
    }
}

fn trailers(out: ResponseOutparam) {
    let fields = Fields::new();
    fields.append("trailer", b"x-after").expect("a header");
    let mut body = begin(out, 200, fields);
    body.send(b"before");
    let trailers = Fields::new();
    trailers.append("x-after", b"the body").expect("a header");
    body.finish_with(Some(trailers));
}

fn state(out: ResponseOutparam, text: &str) {
    let store = Store::open("default");
    store.set("wasi-http", text).expect("the state is there");
    let value = store.get("wasi-http").expect("the state is there").expect("it was written");
    let written = String::from_utf8(value.into_bytes()).expect("text");
    let mut body: Body = begin(out, 200, Fields::new());
    body.send(written.as_bytes());
    body.finish();
}
