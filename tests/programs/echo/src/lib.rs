//! Answers with what it was given, as JSON; `/context` with what surrounds the call.

use ottavo_sdk::{Request, Response, Result, context};
use serde_json::{Value, json};

/// The facts and settings that `/context` asks for.
const FACTS: [&str; 5] = ["function", "version", "route", "scheme", "traceparent"];

#[ottavo_sdk::http]
fn echo(request: Request) -> Result<Response> {
    let answer = match request.path() {
        "/context" => surroundings(&request),
        _ => told(&request),
    };
    Response::json(&answer)
}

fn told(request: &Request) -> Value {
    json!({
        "method": request.method(),
        "path": request.path(),
        "query": request.query_string(),
        "params": request.params().collect::<Vec<_>>(),
        "headers": request.headers().collect::<Vec<_>>(),
        "body": String::from_utf8_lossy(request.body()),
        "bytes": request.body().len(),
    })
}

fn surroundings(request: &Request) -> Value {
    let facts: Vec<_> = FACTS.map(|name| (name, context::get(name))).into();
    let setting = request.query("setting").unwrap_or_else(|| "GREETING".to_owned());
    json!({
        "request_id": context::request_id(),
        "remaining_ms": context::remaining().as_millis() as u64,
        "caller": context::caller(),
        "remote": context::remote(),
        "facts": facts.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "setting": context::setting(&setting),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_comes_back_as_json() {
        let request = Request::new("PUT", "/items/7?x=1")
            .with_param("id", "7")
            .with_header("Accept", "a")
            .with_body("hi");
        let expected = json!({
            "method": "PUT", "path": "/items/7", "query": "x=1", "params": [["id", "7"]],
            "headers": [["accept", "a"]], "body": "hi", "bytes": 2,
        });
        assert_eq!(told(&request), expected);
    }
}
