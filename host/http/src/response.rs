//! A function's answer as it goes out.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRAILER};
use http::{HeaderValue, Method, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use ottavo_functions::{Broken, Response, Streamed};

use crate::fields;
use crate::link::Call;
use crate::request::REQUEST_ID;
use crate::upload::Failed;

/// What goes out.
pub(crate) type Answer = http::Response<Outgoing>;

/// The body of an answer.
pub(crate) enum Outgoing {
    Whole(Full<Bytes>),
    Streamed(Box<Streaming>),
}

/// A body that comes.
pub(crate) struct Streaming {
    pub(crate) body: Streamed,
    /// Of the request's body, which may still come as well.
    pub(crate) failed: Failed,
    /// The request is under way until its answer's body is.
    pub(crate) _call: Call,
}

impl From<Bytes> for Outgoing {
    fn from(whole: Bytes) -> Outgoing {
        Outgoing::Whole(Full::new(whole))
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match &mut *self {
            Outgoing::Whole(body) => {
                let frame = Pin::new(body).poll_frame(cx);
                frame.map_err(|never| match never {})
            }
            Outgoing::Streamed(streaming) => match Pin::new(&mut streaming.body).poll_frame(cx) {
                // there is nobody to send it to
                Poll::Pending if streaming.failed.is_gone(cx) => {
                    Poll::Ready(Some(Err(Broken::Stopped)))
                }
                frame => frame,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Outgoing::Whole(body) => body.is_end_stream(),
            Outgoing::Streamed(streaming) => streaming.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Outgoing::Whole(body) => body.size_hint(),
            Outgoing::Streamed(streaming) => streaming.body.size_hint(),
        }
    }
}

/// The head of an answer that streams. Its length is the body's own; only an answer to `HEAD` keeps
/// what it says. Which trailers come is said to the client.
pub(crate) fn head_of_stream(head: &mut http::response::Parts, method: &Method, id: HeaderValue) {
    let trailer = head.headers.remove(TRAILER);
    if fields::signs(&head.headers).hop {
        fields::strip(&mut head.headers);
    }
    if let Some(trailer) = trailer {
        head.headers.insert(TRAILER, trailer);
    }
    let bodiless = matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if *method != Method::HEAD || bodiless {
        head.headers.remove(CONTENT_LENGTH);
    }
    head.headers.insert(REQUEST_ID, id);
}

/// `response` as the answer to a request with this method and id.
///
/// # Behavior
/// - The length is that of the body, whatever the function says; only an answer to `HEAD`, which
///   has no body to count, keeps what it says.
/// - Statuses without a body have none.
pub(crate) fn of_function(response: Response, method: &Method, id: HeaderValue) -> Answer {
    let (mut head, mut body) = response.into_parts();
    let said = head.headers.remove(CONTENT_LENGTH);
    if fields::signs(&head.headers).hop {
        fields::strip(&mut head.headers);
    }
    let bodiless = matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if method == Method::HEAD && !bodiless {
        let counted = (!body.is_empty()).then(|| HeaderValue::from(body.len()));
        if let Some(length) = counted.or(said.filter(is_length)) {
            head.headers.insert(CONTENT_LENGTH, length);
        }
    }
    if method == Method::HEAD || bodiless {
        body = Bytes::new();
    }
    head.headers.insert(REQUEST_ID, id);
    Answer::from_parts(head, body.into())
}

fn is_length(value: &HeaderValue) -> bool {
    value
        .to_str()
        .is_ok_and(|text| text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length that the answer says and the length of its body.
    fn lengths(method: &Method, status: u16, said: &[&str], body: &'static str) -> (String, u64) {
        let mut response = http::Response::builder().status(status);
        for said in said {
            response = response.header(CONTENT_LENGTH, *said);
        }
        let response = response.body(Bytes::from_static(body.as_bytes())).expect("a response");
        let answer = of_function(response, method, HeaderValue::from_static("id"));
        assert_eq!(answer.headers()[REQUEST_ID], "id");
        let said = answer.headers().get(CONTENT_LENGTH);
        let said = said.map(|said| said.to_str().expect("text").to_owned());
        (said.unwrap_or_default(), answer.body().size_hint().exact().expect("known"))
    }

    #[test]
    fn the_length_is_the_bodys() {
        assert_eq!(lengths(&Method::GET, 200, &["3", "700"], "hello"), ("".into(), 5));
        assert_eq!(lengths(&Method::HEAD, 200, &["3"], "hello"), ("5".into(), 0));
        assert_eq!(lengths(&Method::HEAD, 200, &["700"], ""), ("700".into(), 0));
        for nonsense in ["x", "-1", "+1", "99999999999999999999"] {
            assert_eq!(lengths(&Method::HEAD, 200, &[nonsense], ""), ("".into(), 0), "{nonsense}");
        }
        assert_eq!(lengths(&Method::GET, 204, &["5"], "hello"), ("".into(), 0));
        assert_eq!(lengths(&Method::HEAD, 304, &["5"], "hello"), ("".into(), 0));
    }

    #[test]
    fn fields_of_the_connection_do_not_go_out() {
        let response = http::Response::builder()
            .header("connection", "x-inner")
            .header("x-inner", "1")
            .header("transfer-encoding", "chunked")
            .header("x-outer", "2")
            .body(Bytes::new())
            .expect("a response");
        let answer = of_function(response, &Method::GET, HeaderValue::from_static("id"));
        let names: Vec<_> = answer.headers().keys().map(http::HeaderName::as_str).collect();
        assert_eq!(names, ["x-outer", "x-request-id"]);
    }
}
