//! Writes down each event that it receives, and then does what the event's data says:
//!
//! - `ok`, and anything else: success
//! - `retry N [MILLIS]`, `error N`, `trap N`, `endless N`: that, up to delivery N; then success
//! - `drop REASON`
//! - `count`: success, and nothing is written but `done/ID`
//! - `log`: success, and nothing is written but a line of the log, at once
//! - `hold MILLIS`: takes that long, and counts how many do at a time; `linger MILLIS`: on delivery 1
//!
//! With the setting `CALM`, each is a success.
//!
//! In the store `default`, `event/ID` is the event, one `name=value` a line, `tries/ID` counts its deliveries and `done/ID`
//! those that were a success.

use std::time::Duration;

use ottavo_sdk::state::Store;
use ottavo_sdk::{Error, Event, Outcome, Request, Response, Result, context, log};

/// Answers requests too, so that the program has both handlers.
#[ottavo_sdk::http]
fn answer(request: Request) -> Result<Response> {
    Ok(Response::text(format!("{} {}", request.method(), request.path())))
}

#[ottavo_sdk::event]
fn receive(event: Event) -> Result<Outcome> {
    if event.data() == b"log" {
        let id = event.id();
        log::info!("received `{id}`");
        return Ok(Outcome::Success);
    }
    let store = Store::open("default");
    let id = event.id();
    if event.data() == b"count" {
        store.increment(&format!("done/{id}"), 1)?;
        return Ok(Outcome::Success);
    }
    store.set(&format!("event/{id}"), told(&event))?;
    store.increment(&format!("tries/{id}"), 1)?;
    let outcome = obey(&store, &event)?;
    if outcome == Outcome::Success {
        store.increment(&format!("done/{id}"), 1)?;
    }
    Ok(outcome)
}

fn told(event: &Event) -> String {
    let mut told = String::new();
    let mut line = |name: &str, value: &str| told.push_str(&format!("{name}={value}\n"));
    line("id", event.id());
    line("source", event.source());
    line("type", event.kind());
    line("subject", event.subject().unwrap_or("-"));
    line("time", event.time().unwrap_or("-"));
    line("content-type", event.content_type());
    line("trigger", event.trigger());
    line("origin", event.origin());
    line("topic", event.topic());
    line("attempt", &event.attempt().to_string());
    event.attributes().for_each(|(name, value)| line(&format!("attribute.{name}"), value));
    line("data", &String::from_utf8_lossy(event.data()));
    line("scheme", context::get("scheme").as_deref().unwrap_or("-"));
    line("version", context::get("version").as_deref().unwrap_or("-"));
    told
}

fn obey(store: &Store, event: &Event) -> Result<Outcome> {
    if context::setting("CALM").is_some() {
        return Ok(Outcome::Success);
    }
    let text = event.text().unwrap_or_default();
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut numbers = rest.split(' ').map_while(|word| word.parse().ok());
    let until = |last: Option<u64>| u64::from(event.attempt()) <= last.unwrap_or(u64::MAX);
    match verb {
        "retry" if until(numbers.next()) => {
            Ok(Outcome::Retry(numbers.next().map(Duration::from_millis)))
        }
        "error" if until(numbers.next()) => Err(Error::unavailable("told to fail")),
        "trap" if until(numbers.next()) => panic!("told to trap"),
        "endless" if until(numbers.next()) => loop {
            std::hint::black_box(event);
        },
        "drop" => Ok(Outcome::drop(rest)),
        "linger" if event.attempt() > 1 => Ok(Outcome::Success),
        "hold" | "linger" => {
            hold(store, Duration::from_millis(numbers.next().unwrap_or(100)))?;
            Ok(Outcome::Success)
        }
        _ => Ok(Outcome::Success),
    }
}

/// Waits in the store's calls, and writes down the most that did so at a time.
fn hold(store: &Store, time: Duration) -> Result<()> {
    let begun = context::remaining();
    let now = store.increment("holding", 1)?;
    store.increment(&format!("held/{now}"), 1)?;
    while begun.saturating_sub(context::remaining()) < time {
        store.get("holding")?;
    }
    store.increment("holding", -1)?;
    Ok(())
}
