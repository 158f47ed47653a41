//! A request that no function answered, as JSON.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use ottavo_core::{Error, FunctionName};
use ottavo_functions::Failure;
use serde::Serialize;

use crate::config::Errors;
use crate::request::REQUEST_ID;
use crate::response::Answer;

/// The detail that becomes `Retry-After`.
const RETRY_AFTER_MS: &str = "retry-after-ms";

/// A failure, and what else its answer needs.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) failure: Failure,
    /// The methods that would do.
    pub(crate) allow: Vec<String>,
    /// Whether those who may see the insides get them as a page of text in place of JSON.
    pub(crate) page: bool,
}

impl Refusal {
    pub(crate) fn new(error: Error) -> Box<Refusal> {
        Refusal::of(Failure::of_host(error))
    }

    pub(crate) fn of(failure: Failure) -> Box<Refusal> {
        Box::new(Refusal { failure, allow: Vec::new(), page: false })
    }

    pub(crate) fn with_status(mut self: Box<Refusal>, status: StatusCode) -> Box<Refusal> {
        self.failure.status = status;
        self
    }

    pub(crate) fn with_allow(mut self: Box<Refusal>, methods: Vec<String>) -> Box<Refusal> {
        self.allow = methods;
        self
    }

    /// The status that goes out. A client that went away sees none, and 499 is no status of HTTP.
    pub(crate) fn status(&self) -> StatusCode {
        match self.failure.status.as_u16() {
            499 => StatusCode::SERVICE_UNAVAILABLE,
            _ => self.failure.status,
        }
    }

    /// The insides are a page of text, for people who are writing the function.
    pub(crate) fn as_page(mut self: Box<Refusal>) -> Box<Refusal> {
        self.page = true;
        self
    }

    /// The answer. `insides`: whether the client may see the function's; `close`: whether the
    /// connection ends with it.
    pub(crate) fn answer(
        &self,
        id: &str,
        value: HeaderValue,
        insides: bool,
        close: bool,
    ) -> Answer {
        let page = self.failure.insides.as_ref().filter(|_| insides && self.page);
        let (body, kind) = match page {
            Some(text) => (text.clone().into(), "text/plain; charset=utf-8"),
            None => (self.body(id, insides), "application/json"),
        };
        let mut answer = Answer::new(body.into());
        *answer.status_mut() = self.status();
        let fields = answer.headers_mut();
        fields.insert(REQUEST_ID, value);
        fields.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(seconds) = self.failure.error.detail(RETRY_AFTER_MS).and_then(seconds) {
            fields.insert(RETRY_AFTER, seconds.into());
        }
        if let Ok(methods) = HeaderValue::from_str(&self.allow.join(", "))
            && !methods.is_empty()
        {
            fields.insert(ALLOW, methods);
        }
        if close {
            fields.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }

    fn body(&self, id: &str, insides: bool) -> Bytes {
        let Failure { function, version, error, insides: inside, .. } = &self.failure;
        let details = error.details().iter();
        let reply = Reply {
            error: Body {
                kind: error.kind().name(),
                message: error.message(),
                request_id: id,
                retryable: error.retryable(),
                function: function.as_ref(),
                version: *version,
                details: details.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
                insides: inside.as_deref().filter(|_| insides),
            },
        };
        let mut text = serde_json::to_vec(&reply).expect("text and numbers are always JSON");
        text.push(b'\n');
        text.into()
    }
}

/// Whether a client may see the insides of functions. A proxy on this machine is on loopback, and
/// those it speaks for are not.
pub(crate) fn shows_insides(errors: Errors, remote: SocketAddr, forwarded: bool) -> bool {
    errors == Errors::Full && !forwarded && remote.ip().to_canonical().is_loopback()
}

/// Whole seconds, rounded up: a client that comes back too early is told to wait once more.
fn seconds(millis: &str) -> Option<u64> {
    let wait = Duration::from_millis(millis.parse().ok()?);
    Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}

#[derive(Serialize)]
struct Reply<'a> {
    error: Body<'a>,
}

/// The shape of `ottavo_control::ErrorBody`, and which function it was.
#[derive(Serialize)]
struct Body<'a> {
    kind: &'a str,
    message: &'a str,
    request_id: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<&'a FunctionName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    details: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    insides: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use ottavo_core::Kind;
    use serde_json::json;

    use super::*;

    fn answer(refusal: &Refusal, insides: bool) -> Answer {
        refusal.answer("r1", HeaderValue::from_static("r1"), insides, false)
    }

    async fn body(answer: Answer) -> serde_json::Value {
        let body = answer.into_body().collect().await.expect("whole").to_bytes();
        serde_json::from_slice(&body).expect("JSON")
    }

    #[tokio::test]
    async fn an_answer_names_the_function_and_hides_its_insides() {
        let name = "orders".parse().expect("a name");
        let error = Error::internal("the function `orders` panicked");
        let mut failure = Failure::of_function(&name, 3, error);
        failure.insides = Some("src/lib.rs:7: no such order".into());
        let refusal = Refusal::of(failure);
        let mut expected = json!({ "error": {
            "kind": "internal", "message": "the function `orders` panicked", "request_id": "r1",
            "retryable": false, "function": "orders", "version": 3,
        }});
        assert_eq!(body(answer(&refusal, false)).await, expected);
        expected["error"]["insides"] = "src/lib.rs:7: no such order".into();
        let shown = answer(&refusal, true);
        assert_eq!(shown.status(), 500);
        assert_eq!(shown.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(shown.headers()[REQUEST_ID], "r1");
        assert_eq!(body(shown).await, expected);
    }

    #[test]
    fn a_full_host_says_when_to_come_back() {
        for (millis, expected) in [("1", "1"), ("1000", "1"), ("1001", "2"), ("0", "0")] {
            let full = Error::new(Kind::Unavailable, "full").with_detail(RETRY_AFTER_MS, millis);
            let answer = answer(&Refusal::new(full), false);
            assert_eq!(answer.headers()[RETRY_AFTER], expected);
            assert_eq!(answer.status(), 503);
        }
        let error = Error::new(Kind::Unavailable, "x").with_detail(RETRY_AFTER_MS, "soon");
        assert!(!answer(&Refusal::new(error), false).headers().contains_key(RETRY_AFTER));
    }

    #[test]
    fn a_wrong_method_is_told_the_right_ones() {
        let refusal = Refusal::new(Error::new(Kind::Unsupported, "no"))
            .with_status(StatusCode::METHOD_NOT_ALLOWED)
            .with_allow(vec!["GET".into(), "HEAD".into()]);
        assert_eq!(answer(&refusal, false).headers()[ALLOW], "GET, HEAD");
    }

    #[test]
    fn no_answer_has_status_499() {
        let refusal = Refusal::new(Error::new(Kind::Cancelled, "gone"));
        assert_eq!(answer(&refusal, false).status(), 503);
    }

    #[test]
    fn insides_are_for_clients_on_loopback_that_no_proxy_speaks_for() {
        let at = |text: &str| text.parse::<SocketAddr>().expect("an address");
        for near in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert!(shows_insides(Errors::Full, at(near), false), "{near}");
            assert!(!shows_insides(Errors::Full, at(near), true), "{near}");
            assert!(!shows_insides(Errors::Opaque, at(near), false), "{near}");
        }
        for far in ["10.0.0.1:1", "[::2]:1", "[::ffff:10.0.0.1]:1"] {
            assert!(!shows_insides(Errors::Full, at(far), false), "{far}");
        }
    }
}
