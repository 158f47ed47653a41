//! The request a function answers.

use crate::bindings::ottavo::runtime::http as wit;
use crate::{Error, Result, query};

/// An HTTP request with its whole body.
///
/// ```
/// use ottavo_sdk::Request;
///
/// let request = Request::new("PUT", "/books?name=the+stand")
///     .with_header("Content-Type", "text/plain")
///     .with_body("7");
/// assert_eq!(request.query("name").as_deref(), Some("the stand"));
/// assert_eq!(request.header("content-type"), Some("text/plain"));
/// assert_eq!(request.text()?.parse::<u32>()?, 7);
/// # Ok::<(), ottavo_sdk::Error>(())
/// ```
pub struct Request {
    raw: wit::Request,
}

impl Request {
    /// A request of one's own, to test a function with; `target` is a path with an optional query.
    pub fn new(method: impl Into<String>, target: &str) -> Request {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        Request {
            raw: wit::Request {
                method: method.into(),
                path: path.to_owned(),
                query,
                params: Vec::new(),
                headers: Vec::new(),
                body: Vec::new(),
            },
        }
    }

    /// Adds what a `:name` of the route would have matched.
    #[must_use]
    pub fn with_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Request {
        self.raw.params.push((name.into(), value.into()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Request {
        self.raw.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.raw.body = body.into();
        self
    }

    /// The method as received: `GET`.
    pub fn method(&self) -> &str {
        &self.raw.method
    }

    /// The path, still percent-encoded, without the query.
    pub fn path(&self) -> &str {
        &self.raw.path
    }

    /// The query as received, without the `?`.
    pub fn query_string(&self) -> Option<&str> {
        self.raw.query.as_deref()
    }

    /// The first value of a name in the query, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        self.queries().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The pairs of the query, decoded, in order.
    pub fn queries(&self) -> impl Iterator<Item = (String, String)> {
        query::pairs(self.raw.query.as_deref().unwrap_or_default())
    }

    /// What a `:name` of the route matched, decoded.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.raw.params, |known| known == name)
    }

    /// Everything that the route's `:name` segments matched.
    pub fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.raw.params)
    }

    /// The first value of a header; upper and lower case are the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.raw.headers, |known| known.eq_ignore_ascii_case(name))
    }

    /// Every header line, names in lower case, in the order received.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.raw.headers)
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.raw.body
    }

    /// The body, without a copy.
    pub fn into_body(self) -> Vec<u8> {
        self.raw.body
    }

    /// The body as text.
    ///
    /// # Errors
    /// `invalid-argument` when it is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.raw.body)
            .map_err(|error| Error::from(error).context("reading the body as text"))
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// `invalid-argument` when it is not JSON of this type.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.raw.body)
            .map_err(|error| Error::from(error).context("reading the body as JSON"))
    }
}

impl From<wit::Request> for Request {
    fn from(raw: wit::Request) -> Request {
        Request { raw }
    }
}

impl std::fmt::Debug for Request {
    /// Neither header values nor the body: a log is no place for secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({} bytes)", self.raw.method, self.raw.path, self.raw.body.len())
    }
}

fn find(list: &[(String, String)], same: impl Fn(&str) -> bool) -> Option<&str> {
    list.iter().find(|(known, _)| same(known)).map(|(_, value)| value.as_str())
}

fn pairs(list: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    list.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn the_parts_are_found_by_name() {
        let request = Request::new("GET", "/a%20b/c?x=%2F&x=2")
            .with_param("name", "c d")
            .with_header("Accept", "a")
            .with_header("accept", "b");
        assert_eq!((request.method(), request.path()), ("GET", "/a%20b/c"));
        assert_eq!(request.query_string(), Some("x=%2F&x=2"));
        assert_eq!(request.query("x").as_deref(), Some("/"));
        assert_eq!(request.query("y"), None);
        assert_eq!(request.param("name"), Some("c d"));
        assert_eq!(request.header("ACCEPT"), Some("a"));
        assert_eq!(request.headers().collect::<Vec<_>>(), [("accept", "a"), ("accept", "b")]);
        assert_eq!(request.params().collect::<Vec<_>>(), [("name", "c d")]);
    }

    #[test]
    fn a_body_that_is_not_text_is_the_callers_fault() {
        let error = Request::new("PUT", "/").with_body([0xff]).text().unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidArgument);
        assert!(error.message().starts_with("reading the body as text: "), "{error}");
    }

    #[cfg(feature = "json")]
    #[test]
    fn a_json_body_is_read_or_refused() {
        let request = Request::new("PUT", "/").with_body("[1,2]");
        assert_eq!(request.json::<Vec<u8>>().unwrap(), [1, 2]);
        assert_eq!(request.json::<String>().unwrap_err().kind(), Kind::InvalidArgument);
    }
}
