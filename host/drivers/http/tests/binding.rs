//! The driver `http` as a binding, against a real server: the behaviour suite, and what is its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::binding::suite::{self, Harness, Time};
use ottavo_blocks::binding::{Binding, Capability, MAX_DATA, Metadata, Operation, Response};
use ottavo_core::{CallContext, Caller, Kind, Result, Shutdown, SystemClock};
use ottavo_driver_http::Http;
use ottavo_registry::{Driver, OpenContext};
use ottavo_test_support::Echo;
use serde_json::{Value, json};

async fn open(options: Value) -> Result<Arc<dyn Binding>> {
    let context = OpenContext {
        name: "hook".parse().unwrap(),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Http.open(context, options).await
}

async fn invoke_within(
    binding: &Arc<dyn Binding>,
    operation: &str,
    metadata: &[(&str, &str)],
    timeout: Duration,
) -> Result<Response> {
    let cx = CallContext::new("test".into(), Caller::Anonymous, timeout);
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let metadata = Metadata::parse(metadata.iter().map(pair).collect()).unwrap();
    let operation = Operation::parse(operation).unwrap();
    binding.invoke(&cx, &operation, Bytes::from("data"), &metadata).await
}

async fn invoke(
    binding: &Arc<dyn Binding>,
    operation: &str,
    metadata: &[(&str, &str)],
) -> Result<Response> {
    invoke_within(binding, operation, metadata, Duration::from_secs(60)).await
}

fn pair<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let pairs = response.metadata.pairs();
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// A binding whose server answers as the cases want it.
struct Echoing(Arc<dyn Binding>);

#[async_trait]
impl Binding for Echoing {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Echo]
    }

    async fn invoke(
        &self,
        cx: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response> {
        self.0.invoke(cx, operation, data, metadata).await
    }
}

#[tokio::test]
async fn every_case_passes() {
    let echo = Echo::start().unwrap();
    let store = Arc::new(Echoing(open(json!({ "url": echo.url() })).await.unwrap()));
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn operations_are_methods_and_metadata_path_and_headers() {
    let echo = Echo::start().unwrap();
    let headers = json!({ "Authorization": "Bearer hunter2" });
    let options = json!({ "url": format!("{}/base", echo.url()), "headers": headers });
    let binding = open(options).await.unwrap();
    for (operation, method) in
        [("create", "POST"), ("get", "GET"), ("put", "PUT"), ("delete", "DELETE")]
    {
        // a caller's own authorization gives way to the configured one
        let sent = [
            ("path", "/a?b=c"),
            ("Authorization", "mine"),
            ("Host", "elsewhere"),
            ("X-Suite-A", "1"),
        ];
        let answer = invoke(&binding, operation, &sent).await.unwrap();
        let line = format!("{method} /base/a?b=c Bearer hunter2");
        assert_eq!(pair(&answer, "x-line"), Some(line.as_str()));
        assert_eq!(pair(&answer, "x-suite-a"), Some("1"));
        assert_eq!(
            (pair(&answer, "statusCode"), pair(&answer, "status")),
            (Some("200"), Some("200 OK"))
        );
    }
    for (name, value) in
        [("query", "x"), ("x-lower", "x"), ("X Y", "x"), ("X-A", "a\nb"), ("path", "/../x")]
    {
        let error = invoke(&binding, "get", &[(name, value)]).await.expect_err(name);
        assert_eq!(error.kind(), Kind::InvalidArgument, "{error}");
    }
}

#[tokio::test]
async fn a_status_is_an_answer_or_an_error_as_the_table_says() {
    let echo = Echo::start().unwrap();
    let strict = open(json!({ "url": format!("{}/status", echo.url()) })).await.unwrap();
    let any = json!({ "url": format!("{}/status", echo.url()), "accept": "any" });
    let any = open(any).await.unwrap();
    for (status, kind, post, get) in [
        ("/302", Kind::FailedPrecondition, false, false),
        ("/404", Kind::FailedPrecondition, false, false),
        ("/413", Kind::TooLarge, false, false),
        ("/429", Kind::Unavailable, true, true),
        ("/500", Kind::Unavailable, false, true),
        ("/503", Kind::Unavailable, true, true),
    ] {
        for (operation, retryable) in [("create", post), ("get", get)] {
            let error = invoke(&strict, operation, &[("path", status)]).await.expect_err(status);
            assert_eq!((error.kind(), error.retryable()), (kind, retryable), "{error}");
            assert_eq!(error.detail("status"), Some(&status[1..]));
            assert_eq!(error.detail("retry-after-ms"), Some("7000"));
        }
        let answer = invoke(&any, "create", &[("path", status)]).await.unwrap();
        assert_eq!(pair(&answer, "statusCode"), Some(&status[1..]));
    }
    let answer = invoke(&strict, "create", &[("path", "/201")]).await.unwrap();
    assert_eq!(pair(&answer, "statusCode"), Some("201"));
}

#[tokio::test]
async fn nothing_hangs_and_nothing_is_too_large_for_the_doors() {
    let echo = Echo::start().unwrap();
    let binding = open(json!({ "url": echo.url() })).await.unwrap();
    let begun = tokio::time::Instant::now();
    let late =
        invoke_within(&binding, "get", &[("path", "/hang")], Duration::from_millis(200)).await;
    assert_eq!(late.expect_err("no answer").kind(), Kind::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(30));
    let path = format!("/large/{}", MAX_DATA + 1);
    let error = invoke(&binding, "get", &[("path", &path)]).await.expect_err("too large");
    assert_eq!(error.kind(), Kind::TooLarge);

    // nobody is there
    let url = echo.url();
    drop(echo);
    let gone = async {
        loop {
            if let Err(error) =
                invoke(&open(json!({ "url": url })).await.unwrap(), "get", &[]).await
            {
                return error;
            }
        }
    };
    let error = tokio::time::timeout(Duration::from_secs(30), gone).await.expect("it ends");
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
}

#[tokio::test]
async fn a_table_that_cannot_be_is_refused_without_what_may_be_secret() {
    for (table, said) in [
        (json!({ "url": "hunter2" }), "`url` is not an address"),
        (json!({ "url": "http://h", "headers": { "a b": "hunter2" } }), "`headers.a b`"),
        (json!({ "url": "http://h", "headers": { "A": "hunter2\n" } }), "`headers.A`"),
        (json!({ "url": "http://h", "connect_timeout": "0s" }), "`connect_timeout`"),
        (json!({ "url": "http://h", "accept": "some" }), "`some`"),
        (json!({}), "`url`"),
    ] {
        let error = open(table).await.err().expect(said);
        assert!(error.message().contains(said), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        let check = Driver::<dyn Binding>::check(&Http, &json!({ "url": "hunter2" }));
        assert!(check.is_err());
    }
}
