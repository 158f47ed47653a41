//! Misbehaves in the way its path says.
//!
//! | path | what happens |
//! |---|---|
//! | `/faults/ok` | nothing: 200 with `ok` |
//! | `/faults/calls` | answers with the number of calls that its instance has taken |
//! | `/faults/spin` | loops without end |
//! | `/faults/hoard` | allocates, and writes to, memory without end |
//! | `/faults/recurse` | calls itself without end, until the host's stack of calls is full |
//! | `/faults/recurse-wide` | the same, until the stack in its own memory is full |
//! | `/faults/panic?text=` | panics with this text |
//! | `/faults/trap` | executes `unreachable` |
//! | `/faults/bad-status` | answers with status 9999 |
//! | `/faults/bad-header-name`, `bad-header-value` | answers with a header that HTTP forbids |
//! | `/faults/error?kind=&message=&retryable=` | returns an error of this kind, with the detail `a` = `b` |
//! | `/faults/big?bytes=` | answers with a body of this size |
//! | `/faults/wait?millis=` | waits in calls of `state.set` for so long |
//! | `/faults/log-flood?lines=&bytes=` | logs so many lines of this size |
//! | `/faults/headers?count=&bytes=` | answers with so many headers of this size |
//! | `/faults/give?bytes=` | gives one call of the host a text of this size |
//! | `/faults/list?items=` | gives one call of the host a list of so many keys |
//! | `/faults/call?count=` | calls `fn:faults` at `/faults/ok` so many times, and answers with the last outcome |
//! | `/faults/itself` | calls itself without end |
//! | `/faults/alloc-check?rounds=&seed=` | works the allocator and checks every byte |
//! | `/faults/pages` | answers with the size of its memory in pages, at the call's end |

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ottavo_sdk::http_client::Outgoing;
use ottavo_sdk::state::Store;
use ottavo_sdk::{Error, Kind, Request, Response, Result, context, invoke, log};

mod alloc_check;
mod endless;

/// How many calls this instance has taken.
static CALLS: AtomicU32 = AtomicU32::new(0);

#[ottavo_sdk::http]
fn faults(request: Request) -> Result<Response> {
    let calls = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
    match request.path().rsplit('/').next().unwrap_or_default() {
        "calls" => Ok(Response::text(calls.to_string())),
        "ok" => Ok(Response::text("ok")),
        "spin" => endless::spin(),
        "hoard" => endless::hoard(),
        "recurse" => Ok(Response::text(endless::recurse(1).to_string())),
        "recurse-wide" => Ok(Response::text(endless::recurse_wide(1).to_string())),
        "panic" => panic!("{}", request.query("text").unwrap_or_else(|| "as asked".to_owned())),
        "trap" => trap(),
        "bad-status" => Ok(Response::status(9999)),
        "bad-header-name" => Ok(Response::text("").with_header("not a name", "value")),
        "bad-header-value" => Ok(Response::text("").with_header("name", "two\r\nlines")),
        "error" => Err(error(&request)?),
        "big" => Ok(Response::bytes(vec![b'x'; number(&request, "bytes")?])),
        "wait" => wait(number(&request, "millis")?),
        "log-flood" => log_flood(number(&request, "lines")?, number(&request, "bytes")?),
        "headers" => headers(number(&request, "count")?, number(&request, "bytes")?),
        "give" => give(number(&request, "bytes")?),
        "list" => list(number(&request, "items")?),
        "call" => call(number(&request, "count")?),
        "itself" => invoke::call("fn:faults", &Outgoing::get("/faults/itself")),
        "alloc-check" => alloc_check::run(number(&request, "rounds")?, number(&request, "seed")?),
        "pages" => Ok(Response::text(pages().to_string())),
        other => Err(Error::not_found(format!("no fault `{other}`"))),
    }
}

fn error(request: &Request) -> Result<Error> {
    let name = request.query("kind").unwrap_or_default();
    let kind = Kind::ALL.iter().find(|kind| kind.name() == name);
    let kind = kind.ok_or_else(|| Error::invalid_argument(format!("no kind `{name}`")))?;
    let message = request.query("message").unwrap_or_default();
    let error = Error::new(*kind, message).with_detail("a", "b");
    match request.query("retryable") {
        Some(retryable) => Ok(error.with_retryable(retryable.parse()?)),
        None => Ok(error),
    }
}

fn wait(millis: u64) -> Result<Response> {
    let store = Store::open("default");
    let end = context::remaining().saturating_sub(Duration::from_millis(millis));
    let mut writes = 0;
    while context::remaining() > end {
        store.set("waiting", "x")?;
        writes += 1;
    }
    Ok(Response::text(format!("{writes} writes")))
}

fn log_flood(lines: usize, bytes: usize) -> Result<Response> {
    let filler = "x".repeat(bytes);
    for line in 0..lines {
        log::info!("{filler}", line = line);
    }
    Ok(Response::text(format!("{lines} lines")))
}

fn headers(count: usize, bytes: usize) -> Result<Response> {
    let value = "v".repeat(bytes);
    let one = |answer: Response, at| answer.with_added_header(&format!("x-{at}"), value.as_str());
    Ok((0..count).fold(Response::text(""), one))
}

fn give(bytes: usize) -> Result<Response> {
    Store::open("default").set("given", "x".repeat(bytes))?;
    Ok(Response::text("given"))
}

fn list(items: usize) -> Result<Response> {
    let keys = vec!["k"; items];
    let found = Store::open("default").get_many(&keys)?;
    Ok(Response::text(format!("{} found", found.len())))
}

fn call(count: usize) -> Result<Response> {
    let mut last = Response::text("none");
    for _ in 0..count {
        last = invoke::call("fn:faults", &Outgoing::get("/faults/ok"))?;
    }
    Ok(last)
}

/// A number in the query, 0 when it is missing.
fn number<T: FromStr + Default>(request: &Request, name: &str) -> Result<T> {
    let Some(text) = request.query(name) else { return Ok(T::default()) };
    text.parse().map_err(|_| Error::invalid_argument(format!("`{name}` is no number: `{text}`")))
}

#[cfg(target_family = "wasm")]
fn trap() -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(not(target_family = "wasm"))]
fn trap() -> ! {
    std::process::abort()
}

#[cfg(target_family = "wasm")]
fn pages() -> usize {
    core::arch::wasm32::memory_size(0)
}

#[cfg(not(target_family = "wasm"))]
fn pages() -> usize {
    0
}
