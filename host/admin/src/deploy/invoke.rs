//! A function called by its name.

use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use ottavo_control::{ErrorReply, InvokeReply, InvokeRequest};
use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Result};
use ottavo_functions::{Client, Failure, Functions};

/// The largest request, with a body in base64.
pub(super) const MAX_REQUEST: ByteCount = ByteCount::mib(64);

/// Names the request, as in the HTTP trigger's own answers.
const REQUEST_ID: &str = "x-request-id";

/// Calls the function of this name, with the parameters of its own route where the path fits one.
/// That it failed is an answer too: the one that the HTTP trigger would give, with everything that
/// an operator may see.
///
/// # Errors
/// When there is no such function, or the request is none that HTTP could carry.
pub(super) async fn call(
    functions: &Functions,
    name: &str,
    request: InvokeRequest,
    id: &Arc<str>,
) -> Result<InvokeReply> {
    let head = head(&request)?;
    let target = functions.called(name, &head.headers)?;
    let request = http::Request::from_parts(head, Bytes::from(request.body));
    let called = functions.call_by_name(&target, request, Arc::clone(id), Client::Operator).await;
    Ok(match called {
        Ok(response) => {
            let (head, body) = response.into_parts();
            let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let mut headers: Vec<_> =
                head.headers.iter().map(|(n, v)| (n.to_string(), text(v))).collect();
            headers.retain(|(name, _)| name != REQUEST_ID);
            headers.push((REQUEST_ID.to_owned(), id.to_string()));
            InvokeReply { status: head.status.as_u16(), headers, body: body.into() }
        }
        Err(failure) => failed(&failure, id),
    })
}

fn failed(failure: &Failure, id: &str) -> InvokeReply {
    let mut reply = ErrorReply::from(&failure.error);
    reply.error.request_id = Some(id.to_owned());
    let more = [
        ("function", failure.function.as_ref().map(ToString::to_string)),
        ("version", failure.version.map(|version| version.to_string())),
        ("insides", failure.insides.clone()),
    ];
    for (name, value) in more {
        reply.error.details.extend(value.map(|value| (name.to_owned(), value)));
    }
    InvokeReply {
        status: failure.status.as_u16(),
        headers: vec![
            (CONTENT_TYPE.to_string(), "application/json".to_owned()),
            (REQUEST_ID.to_owned(), id.to_owned()),
        ],
        body: serde_json::to_vec(&reply).expect("text is always JSON"),
    }
}

fn head(request: &InvokeRequest) -> Result<http::request::Parts> {
    let InvokeRequest { method, path, headers, .. } = request;
    let wrong = |what: &str, value: &str, how: &str| {
        Error::invalid(format!("`{}` is not a {what}: {how}", value.escape_debug()))
    };
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.method = Method::from_bytes(method.as_bytes())
        .map_err(|_| wrong("method", method, "write it like `GET`"))?;
    head.uri = match path.starts_with('/') {
        true => path.parse::<Uri>().ok(),
        false => None,
    }
    .ok_or_else(|| wrong("path", path, "write it like `/orders?id=1`, in percent-encoding"))?;
    let mut fields = HeaderMap::new();
    for (name, value) in headers {
        let field = name.parse::<HeaderName>().ok().zip(value.parse::<HeaderValue>().ok());
        let (name, value) = field.ok_or_else(|| wrong("header", name, "or its value is none"))?;
        fields.append(name, value);
    }
    head.headers = fields;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, header: (&str, &str)) -> InvokeRequest {
        InvokeRequest {
            method: method.into(),
            path: path.into(),
            headers: vec![(header.0.into(), header.1.into())],
            body: Vec::new(),
        }
    }

    #[test]
    fn requests_are_what_http_could_carry() {
        let head = head(&request("POST", "/a%20b?c=d", ("X-A", "1"))).expect("fine");
        assert_eq!((head.method, head.uri.path()), (Method::POST, "/a%20b"));
        assert_eq!(head.headers["x-a"], "1");
        for (bad, named) in [
            (request("G T", "/", ("a", "b")), "method"),
            (request("GET", "http://x/", ("a", "b")), "path"),
            (request("GET", "/a b", ("a", "b")), "path"),
            (request("GET", "/", ("a b", "b")), "header"),
            (request("GET", "/", ("a", "b\n")), "header"),
        ] {
            let error = super::head(&bad).expect_err(named);
            assert!(error.message().contains(named), "{error}");
        }
    }

    #[test]
    fn a_failure_is_answered_with_all_that_is_known() {
        let name = "orders".parse().expect("a name");
        let mut failure = Failure::of_function(&name, 2, Error::internal("it panicked"));
        failure.insides = Some("src/lib.rs:3".into());
        let reply = failed(&failure, "r1");
        assert_eq!(reply.status, 500);
        let body: ErrorReply = serde_json::from_slice(&reply.body).expect("JSON");
        assert_eq!(body.error.request_id.as_deref(), Some("r1"));
        assert_eq!(body.error.details["function"], "orders");
        assert_eq!(body.error.details["version"], "2");
        assert_eq!(body.error.details["insides"], "src/lib.rs:3");
    }
}
