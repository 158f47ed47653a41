//! What the program `wasi-http` does, of the same paths, as an asynchronous component of WASI 0.3. Beside
//! them:
//!
//! | path | what happens |
//! |---|---|
//! | `both?URL,URL` | two requests to the outside at the same time; answers with what came of each |

// the names of its exports are none that a linker of another system takes
#![cfg(target_family = "wasm")]

mod answer;
mod outward;
mod steps;

use ottavo_sdk::state::Store;
use wasip3::exports::http::handler::Guest;
use wasip3::http::types::{ErrorCode, Fields, Request, Response};
use wasip3::spawn_local;

use crate::answer::{Reading, answer, begin, bytes};

struct Program;

wasip3::http::service::export!(Program);

impl Guest for Program {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let path = request.get_path_with_query().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        match path.rsplit('/').next().unwrap_or_default() {
            "echo" => Ok(echo(request)),
            "count" => Ok(count(query.parse().expect("a number"))),
            "length" => Ok(length(query)),
            "endless" => Ok(endless()),
            "steps" => Ok(steps::run(request)),
            "early" => Ok(answer(200, "early")),
            "read" => Ok(read(request).await),
            "code" => Err(ErrorCode::InternalError(Some("on purpose".to_owned()))),
            "status" => Ok(answer(query.parse().expect("a status"), "as asked")),
            "handles" => handles(),
            "trailers" => Ok(trailers()),
            "state" => Ok(state(query)),
            "fetch" => Ok(outward::fetch(request, query).await),
            "both" => Ok(outward::both(query).await),
            "abandon" => Ok(outward::abandon(query).await),
            other => Ok(answer(404, other)),
        }
    }
}

fn echo(request: Request) -> Response {
    let fields = Fields::new();
    for (name, value) in request.get_headers().copy_all() {
        fields.append(&format!("x-got-{name}"), &value).expect("a header");
    }
    let authority = request.get_authority().unwrap_or_default();
    fields.append("x-authority", authority.as_bytes()).expect("a header");
    let scheme = format!("{:?}", request.get_scheme());
    fields.append("x-scheme", scheme.as_bytes()).expect("a header");
    let (mut body, response) = begin(200, fields);
    spawn_local(async move {
        let mut reading = Reading::of(request);
        while let Some(chunk) = reading.next().await {
            body.send(chunk).await;
        }
        reading.end().await.expect("the client sends all of it");
        body.finish(None).await;
    });
    response
}

fn count(count: usize) -> Response {
    let (mut body, response) = begin(200, Fields::new());
    spawn_local(async move {
        let mut left = count;
        while left > 0 {
            let next = left.min(32 << 10);
            body.send(bytes(next)).await;
            left -= next;
        }
        body.finish(None).await;
    });
    response
}

fn length(query: &str) -> Response {
    let (said, sent) = query.split_once(',').expect("two numbers");
    let fields = Fields::new();
    fields.append("content-length", said.as_bytes()).expect("a header");
    let (mut body, response) = begin(200, fields);
    let sent = sent.parse().expect("a number");
    spawn_local(async move {
        // more than was said is refused by the stream itself
        body.try_send(bytes(sent)).await;
        body.finish(None).await;
    });
    response
}

fn endless() -> Response {
    let (mut body, response) = begin(200, Fields::new());
    spawn_local(async move {
        let store = Store::open("default");
        loop {
            for _ in 0..16 {
                body.send(bytes(64 << 10)).await;
            }
            store.increment("produced", 1).expect("the state is there");
        }
    });
    response
}

async fn read(request: Request) -> Response {
    let mut reading = Reading::of(request);
    let mut size = 0;
    while let Some(chunk) = reading.next().await {
        size += chunk.len();
    }
    let text = match reading.end().await {
        Ok(_) => format!("{size} bytes"),
        Err(code) => format!("{code:?}"),
    };
    answer(200, &text)
}

fn handles() -> ! {
    let value = bytes(100_000);
    loop {
        let fields = Fields::new();
        fields.append("x-large", &value).expect("a header");
        std::mem::forget(fields);
    }
}

fn trailers() -> Response {
    let fields = Fields::new();
    fields.append("trailer", b"x-after").expect("a header");
    let (mut body, response) = begin(200, fields);
    spawn_local(async move {
        body.send(b"before".to_vec()).await;
        let trailers = Fields::new();
        trailers.append("x-after", b"the body").expect("a header");
        body.finish(Some(trailers)).await;
    });
    response
}

fn state(text: &str) -> Response {
    let store = Store::open("default");
    store.set("wasi-http", text).expect("the state is there");
    let value = store.get("wasi-http").expect("the state is there").expect("it was written");
    answer(200, &String::from_utf8(value.into_bytes()).expect("text"))
}
