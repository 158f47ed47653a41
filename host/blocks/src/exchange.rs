//! HTTP requests that callers hand over as values, and the answers they get: what a message may
//! hold, and which of its fields are a connection's own affair.

use std::time::Duration;

use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::uri::{PathAndQuery, Scheme};
use http::{Method, Request, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use ottavo_core::{Error, Result};

/// A body that is read while it comes. What ends it early is the error.
pub type Body = UnsyncBoxBody<Bytes, Error>;

/// An answer, its body whole.
pub type Response = http::Response<Bytes>;

/// A request that a caller made, before it is known where it goes.
#[derive(Debug)]
pub struct Outgoing {
    /// Valid, and without fields that concern one connection.
    pub request: Request<Bytes>,
    /// How long the caller wants to wait, at most.
    pub timeout: Option<Duration>,
}

/// What stands in the way of a caller's record being an HTTP request is said here.
#[derive(Debug, Default)]
pub struct Parts {
    /// Such as `GET`.
    pub method: String,
    /// A path with its query, or an absolute URL.
    pub url: String,
    /// One pair for each line.
    pub headers: Vec<(String, String)>,
    /// Sent as it is.
    pub body: Vec<u8>,
    /// How long to wait at most.
    pub timeout: Option<Duration>,
}

impl Outgoing {
    /// A request to a name: its URL is a path with its query.
    ///
    /// # Errors
    /// `invalid-argument` with what is wrong.
    pub fn to_name(parts: Parts) -> Result<Outgoing> {
        let target = match parts.url.starts_with('/') {
            true => parts.url.parse::<PathAndQuery>().ok(),
            false => None,
        };
        let target = target.ok_or_else(|| {
            let url = parts.url.escape_debug();
            Error::invalid(format!(
                "`{url}` is not a path: write it like `/orders?id=1`, in percent-encoding"
            ))
        })?;
        parts.outgoing(Uri::from(target))
    }

    /// A request to the outside: its URL is absolute.
    ///
    /// # Errors
    /// `invalid-argument` with what is wrong.
    pub fn to_url(parts: Parts) -> Result<Outgoing> {
        let uri = absolute(&parts.url)?;
        parts.outgoing(uri)
    }
}

/// Reads `http://host[:port]/path?query` or the same with `https`.
///
/// # Errors
/// `invalid-argument` with what is wrong. A password in the URL is not repeated.
pub fn absolute(url: &str) -> Result<Uri> {
    let shown = url.split_once('@').map_or(url, |_| "...").escape_debug();
    let wrong =
        |why: &str| Error::invalid(format!("`{shown}` is not a URL that can be requested: {why}"));
    let form = "write it like `https://api.example.com/path?query`, in percent-encoding";
    let without_fragment = url.split('#').next().unwrap_or_default();
    let uri: Uri = without_fragment.parse().map_err(|_| wrong(form))?;
    if uri.scheme() != Some(&Scheme::HTTP) && uri.scheme() != Some(&Scheme::HTTPS) {
        return Err(wrong(form));
    }
    let Some(authority) = uri.authority() else { return Err(wrong(form)) };
    if authority.as_str().contains('@') {
        return Err(wrong("it names a user: send that as the header `authorization`"));
    }
    let rest = authority.as_str().strip_prefix(authority.host());
    let port_is_fine = rest == Some("") || authority.port_u16().is_some_and(|port| port > 0);
    if authority.host().is_empty() || !port_is_fine {
        return Err(wrong(form));
    }
    Ok(uri)
}

impl Parts {
    fn outgoing(self, uri: Uri) -> Result<Outgoing> {
        let Parts { method, headers, body, timeout, .. } = self;
        let wrong = |what: &str, value: &str, how: &str| {
            Error::invalid(format!("`{}` is not a {what}: {how}", value.escape_debug()))
        };
        let parsed = Method::from_bytes(method.as_bytes()).ok();
        let Some(parsed) = parsed.filter(|method| method != Method::CONNECT) else {
            return Err(wrong("method", &method, "write it like `GET`; `CONNECT` is not possible"));
        };
        let mut fields = HeaderMap::with_capacity(headers.len());
        for (name, value) in headers {
            let Ok(field) = HeaderName::from_bytes(name.as_bytes()) else {
                return Err(wrong("header name", &name, "use letters, digits and `-`"));
            };
            let value = HeaderValue::try_from(value).map_err(|_| {
                let field = field.as_str();
                Error::invalid(format!("the value of header `{field}` has control characters"))
            })?;
            fields.try_append(field, value).map_err(|_| Error::invalid("too many headers"))?;
        }
        fields.remove(HOST);
        strip(&mut fields);
        fields.remove(CONTENT_LENGTH);
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = parsed;
        *request.uri_mut() = uri;
        *request.headers_mut() = fields;
        Ok(Outgoing { request, timeout })
    }
}

/// Takes away the fields that concern one connection (RFC 9110, section 7.6.1).
pub fn strip(fields: &mut HeaderMap) {
    const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
    const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
    let mut named = Vec::new();
    for value in fields.get_all(CONNECTION) {
        let names = value.to_str().unwrap_or_default().split(',');
        named.extend(names.filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok()));
    }
    let always = [
        CONNECTION,
        KEEP_ALIVE,
        PROXY_CONNECTION,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ];
    for name in named.into_iter().chain(always) {
        fields.remove(name);
    }
}

/// The fields as callers get them: one pair for each line, a value that is not UTF-8 as Latin-1.
pub fn pairs(fields: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    };
    fields.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(method: &str, url: &str, headers: &[(&str, &str)]) -> Parts {
        Parts {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            ..Parts::default()
        }
    }

    #[test]
    fn a_request_has_no_fields_of_a_connection() {
        let headers = [
            ("X-A", "1"),
            ("x-a", "2"),
            ("Host", "elsewhere"),
            ("connection", "close, x-hop"),
            ("x-hop", "1"),
            ("Content-Length", "7"),
            ("transfer-encoding", "chunked"),
            ("te", "trailers"),
        ];
        let Outgoing { request, .. } =
            Outgoing::to_name(parts("PUT", "/a%20b?c=d", &headers)).expect("a request");
        assert_eq!(request.method(), Method::PUT);
        assert_eq!(request.uri().to_string(), "/a%20b?c=d");
        let fields = [("x-a".to_owned(), "1".to_owned()), ("x-a".to_owned(), "2".to_owned())];
        assert_eq!(pairs(request.headers()), fields);
    }

    #[test]
    fn what_is_no_request_is_refused_with_the_reason() {
        for (wrong, reason) in [
            (parts("G T", "/", &[]), "not a method"),
            (parts("", "/", &[]), "not a method"),
            (parts("CONNECT", "/", &[]), "not possible"),
            (parts("GET", "", &[]), "not a path"),
            (parts("GET", "x", &[]), "not a path"),
            (parts("GET", "/a b", &[]), "not a path"),
            (parts("GET", "http://a/", &[]), "not a path"),
            (parts("GET", "/", &[("a b", "c")]), "not a header name"),
            (parts("GET", "/", &[("a", "b\r\nc: d")]), "control characters"),
        ] {
            let error = Outgoing::to_name(wrong).expect_err(reason);
            assert!(error.message().contains(reason), "{error}");
        }
    }

    #[test]
    fn a_url_is_absolute_and_names_no_user() {
        for good in ["http://a", "https://a.b:8443/c?d", "http://[::1]:80/", "HTTP://A/#f"] {
            assert!(absolute(good).is_ok(), "{good}");
        }
        for wrong in [
            "/a",
            "a",
            "ftp://a/",
            "http://",
            "http:///a",
            "http://a:0/",
            "http://a:b/",
            "http://a:99999/",
            "http://u:p@a/",
            "file:///etc/passwd",
            "http://a b/",
        ] {
            let error = absolute(wrong).expect_err(wrong);
            assert!(!error.message().contains("u:p"), "{error}");
        }
    }
}
