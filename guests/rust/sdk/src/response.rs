//! What a function answers.

use crate::bindings::ottavo::runtime::http as wit;
use crate::{Error, Kind, Result, status};

/// An HTTP response with its whole body.
///
/// ```
/// use ottavo_sdk::{Response, status};
///
/// let response = Response::text("made")
///     .with_status(status::CREATED)
///     .with_header("Location", "/books/1");
/// assert_eq!(response.status_code(), 201);
/// assert_eq!(response.header("location"), Some("/books/1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Response {
    /// An empty answer with this status.
    pub fn status(status: u16) -> Response {
        Response { status, headers: Vec::new(), body: Vec::new() }
    }

    /// 200 with text.
    pub fn text(text: impl Into<String>) -> Response {
        Response::typed("text/plain; charset=utf-8", text.into().into_bytes())
    }

    /// 200 with a page.
    pub fn html(page: impl Into<String>) -> Response {
        Response::typed("text/html; charset=utf-8", page.into().into_bytes())
    }

    /// 200 with bytes.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Response {
        Response::typed("application/octet-stream", bytes.into())
    }

    /// 200 with JSON.
    ///
    /// # Errors
    /// `internal` when the value has no JSON form, such as a map whose keys are no strings.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<Response> {
        let body = serde_json::to_vec(value)
            .map_err(|error| Error::internal(format!("writing the answer as JSON: {error}")))?;
        Ok(Response::typed("application/json", body))
    }

    fn typed(content_type: &str, body: Vec<u8>) -> Response {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Response { status: status::OK, headers, body }
    }

    /// Changes the status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Response {
        self.status = status;
        self
    }

    /// Sets a header: what stood there under this name is replaced.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Response {
        let name = name.to_ascii_lowercase();
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a header line beside those of the same name, as `set-cookie` wants it.
    #[must_use]
    pub fn with_added_header(mut self, name: &str, value: impl Into<String>) -> Response {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// Changes the body and leaves its type as it was.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Response {
        self.body = body.into();
        self
    }

    /// The status.
    pub fn status_code(&self) -> u16 {
        self.status
    }

    /// The first value of a header; upper and lower case are the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every header line, names in lower case, in order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the status is one of 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body, without a copy.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// The body as text.
    ///
    /// # Errors
    /// `data-loss` when it is not UTF-8.
    pub fn body_text(&self) -> Result<&str> {
        std::str::from_utf8(&self.body)
            .map_err(|error| Error::new(Kind::DataLoss, format!("the answer is not text: {error}")))
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// `data-loss` when it is not JSON of this type.
    #[cfg(feature = "json")]
    pub fn body_json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Error::new(Kind::DataLoss, format!("the answer is not the expected JSON: {error}"))
        })
    }
}

impl From<wit::Response> for Response {
    fn from(raw: wit::Response) -> Response {
        let wit::Response { status, headers, body } = raw;
        Response { status, headers, body }
    }
}

impl From<Response> for wit::Response {
    fn from(response: Response) -> wit::Response {
        let Response { status, headers, body } = response;
        wit::Response { status, headers, body }
    }
}

/// What a function may return: a [`Response`], text, bytes, nothing (204), a status with one of
/// these, or a [`Result`] of one of these.
///
/// ```
/// use ottavo_sdk::{IntoResponse, status};
///
/// let response = (status::ACCEPTED, "later").into_response()?;
/// assert_eq!((response.status_code(), response.body()), (202, &b"later"[..]));
/// # Ok::<(), ottavo_sdk::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a function cannot answer with `{Self}`",
    label = "answers with `{Self}`",
    note = "return `Response`, `&str`, `String`, `Vec<u8>`, `()`, `(u16, ...)`, or a `Result` of one of them whose error converts into `ottavo_sdk::Error`"
)]
pub trait IntoResponse {
    /// The answer, or the error that stands for it.
    fn into_response(self) -> Result<Response>;
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response> {
        Ok(self)
    }
}

impl IntoResponse for &str {
    fn into_response(self) -> Result<Response> {
        Ok(Response::text(self))
    }
}

impl IntoResponse for String {
    fn into_response(self) -> Result<Response> {
        Ok(Response::text(self))
    }
}

impl IntoResponse for Vec<u8> {
    fn into_response(self) -> Result<Response> {
        Ok(Response::bytes(self))
    }
}

impl IntoResponse for () {
    fn into_response(self) -> Result<Response> {
        Ok(Response::status(status::NO_CONTENT))
    }
}

impl<R: IntoResponse> IntoResponse for (u16, R) {
    fn into_response(self) -> Result<Response> {
        Ok(self.1.into_response()?.with_status(self.0))
    }
}

impl<R: IntoResponse, E: Into<Error>> IntoResponse for Result<R, E> {
    fn into_response(self) -> Result<Response> {
        self.map_err(Into::into)?.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_replaced_unless_it_is_added() {
        let response = Response::text("x")
            .with_header("Content-Type", "text/csv")
            .with_added_header("Set-Cookie", "a=1")
            .with_added_header("set-cookie", "b=2");
        let expected = [("content-type", "text/csv"), ("set-cookie", "a=1"), ("set-cookie", "b=2")];
        assert_eq!(response.headers, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn each_kind_of_answer_gets_its_type_and_status() {
        let of = |answer: Result<Response>| {
            let answer = answer.unwrap();
            (answer.status, answer.header("content-type").map(str::to_owned))
        };
        assert_eq!(of("a".into_response()), (200, Some("text/plain; charset=utf-8".into())));
        assert_eq!(of(vec![1].into_response()), (200, Some("application/octet-stream".into())));
        assert_eq!(of(().into_response()), (204, None));
        assert_eq!(of((404, "no").into_response()).0, 404);
        assert_eq!(of(Ok::<_, Error>(Response::html("<p>")).into_response()).0, 200);
        let failed: Result<(), std::num::ParseIntError> = "x".parse::<u8>().map(drop);
        assert_eq!(failed.into_response().unwrap_err().kind(), crate::Kind::InvalidArgument);
    }

    #[cfg(feature = "json")]
    #[test]
    fn a_value_without_a_json_form_is_the_functions_fault() {
        assert_eq!(Response::json(&[1, 2]).unwrap().body(), b"[1,2]");
        let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert_eq!(Response::json(&keys).unwrap_err().kind(), crate::Kind::Internal);
    }
}
