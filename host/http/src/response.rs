//! A function's answer as it goes out.

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, StatusCode};
use http_body_util::Full;
use ottavo_functions::Response;

use crate::fields;
use crate::request::REQUEST_ID;

/// What goes out.
pub(crate) type Answer = http::Response<Full<Bytes>>;

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
    Answer::from_parts(head, Full::new(body))
}

fn is_length(value: &HeaderValue) -> bool {
    value
        .to_str()
        .is_ok_and(|text| text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u64>().is_ok())
}

#[cfg(test)]
mod tests {
    use http_body::Body;

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
