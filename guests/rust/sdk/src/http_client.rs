//! Requests to the outside, to hosts that the manifest's `[needs] egress` names.
//!
//! ```no_run
//! use std::time::Duration;
//! use ottavo_sdk::http_client::{self, Outgoing};
//!
//! let rates = http_client::send(&Outgoing::get("https://api.example.com/rates"))?;
//! if rates.is_success() {
//!     println!("{}", rates.body_text()?);
//! }
//! let order = Outgoing::post("https://api.example.com/orders", r#"{"book":1}"#)
//!     .header("content-type", "application/json")
//!     .timeout(Duration::from_secs(2));
//! // at the same time; the answers in the order asked
//! for answer in http_client::send_many(&[order, Outgoing::get("https://b.example.com/")]) {
//!     println!("{}", answer?.status_code());
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;
use std::time::Duration;

use crate::bindings::ottavo::runtime::http_client as wit;
use crate::{Response, Result};

/// A request to be sent. Its URL is absolute; for [`invoke`](crate::invoke) it is a path with its
/// query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing<'a> {
    method: Cow<'a, str>,
    url: Cow<'a, str>,
    headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    body: Cow<'a, [u8]>,
    timeout: Option<Duration>,
}

impl<'a> Outgoing<'a> {
    /// A request without a body.
    pub fn new(method: impl Into<Cow<'a, str>>, url: impl Into<Cow<'a, str>>) -> Outgoing<'a> {
        Outgoing { method: method.into(), url: url.into(), ..Outgoing::default() }
    }

    /// A `GET`.
    pub fn get(url: impl Into<Cow<'a, str>>) -> Outgoing<'a> {
        Outgoing::new("GET", url)
    }

    /// A `POST`.
    pub fn post(url: impl Into<Cow<'a, str>>, body: impl IntoBody<'a>) -> Outgoing<'a> {
        Outgoing::new("POST", url).body(body)
    }

    /// A `PUT`.
    pub fn put(url: impl Into<Cow<'a, str>>, body: impl IntoBody<'a>) -> Outgoing<'a> {
        Outgoing::new("PUT", url).body(body)
    }

    /// A `DELETE`.
    pub fn delete(url: impl Into<Cow<'a, str>>) -> Outgoing<'a> {
        Outgoing::new("DELETE", url)
    }

    /// Adds a header line.
    #[must_use]
    pub fn header(
        mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Outgoing<'a> {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl IntoBody<'a>) -> Outgoing<'a> {
        self.body = body.into_body();
        self
    }

    /// Sets the body to JSON.
    ///
    /// # Errors
    /// `internal` when the value has no JSON form.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(self, value: &T) -> Result<Outgoing<'a>> {
        let body = serde_json::to_vec(value).map_err(|error| {
            crate::Error::internal(format!("writing the request as JSON: {error}"))
        })?;
        Ok(self.header("content-type", "application/json").body(body))
    }

    /// How long to wait; never beyond the function's own deadline.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Outgoing<'a> {
        self.timeout = Some(timeout);
        self
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value)).collect()
    }

    fn raw<'b>(&'b self, headers: &'b [(&'b str, &'b str)]) -> wit::Outgoing<'b> {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        wit::Outgoing {
            method: &self.method,
            url: &self.url,
            headers,
            body: &self.body,
            timeout: self.timeout.map(millis),
        }
    }

    /// Calls `with` with what the bindings take.
    pub(crate) fn lower<T>(&self, with: impl FnOnce(wit::Outgoing<'_>) -> T) -> T {
        with(self.raw(&self.pairs()))
    }

    /// The same with several.
    pub(crate) fn lower_all<T>(
        requests: &[&Outgoing<'_>],
        with: impl FnOnce(Vec<wit::Outgoing<'_>>) -> T,
    ) -> T {
        let headers: Vec<_> = requests.iter().map(|request| request.pairs()).collect();
        let raw = requests.iter().zip(&headers).map(|(request, headers)| request.raw(headers));
        with(raw.collect())
    }
}

/// What may be a body.
pub trait IntoBody<'a> {
    /// Its bytes.
    fn into_body(self) -> Cow<'a, [u8]>;
}

macro_rules! bodies {
    ($($from:ty => |$body:ident| $bytes:expr,)*) => {$(
        impl<'a> IntoBody<'a> for $from {
            fn into_body(self) -> Cow<'a, [u8]> {
                let $body = self;
                $bytes
            }
        }
    )*};
}

bodies! {
    &'a str => |body| Cow::Borrowed(body.as_bytes()),
    &'a String => |body| Cow::Borrowed(body.as_bytes()),
    String => |body| Cow::Owned(body.into_bytes()),
    &'a [u8] => |body| Cow::Borrowed(body),
    &'a Vec<u8> => |body| Cow::Borrowed(body),
    Vec<u8> => |body| Cow::Owned(body),
}

/// Sends a request and waits for the whole answer. Any status is an answer; redirects are not
/// followed.
///
/// # Errors
/// `denied` without a grant for the host, or when its name leads to an address that the grant does
/// not cover; `unavailable`, `timeout`, `too-large`.
pub fn send(request: &Outgoing<'_>) -> Result<Response> {
    Ok(request.lower(wit::send)?.into())
}

/// Sends up to 100 requests, some of them at the same time; the answers in the order asked, each
/// with its own outcome.
pub fn send_many(requests: &[Outgoing<'_>]) -> Vec<Result<Response>> {
    let requests: Vec<_> = requests.iter().collect();
    let outcomes = Outgoing::lower_all(&requests, |raw| wit::send_many(&raw));
    outcomes.into_iter().map(|outcome| Ok(outcome?.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_handed_over_as_it_was_made() {
        let request = Outgoing::put("/a?b", "text")
            .header("x-a", "1")
            .header("x-a", "2")
            .timeout(Duration::from_millis(1500));
        request.lower(|raw| {
            assert_eq!((raw.method, raw.url, raw.body), ("PUT", "/a?b", &b"text"[..]));
            assert_eq!(raw.headers, [("x-a", "1"), ("x-a", "2")]);
            assert_eq!(raw.timeout, Some(1500));
        });
        let bytes = Outgoing::post("/", vec![0xff]);
        Outgoing::lower_all(&[&bytes, &request], |raw| {
            assert_eq!((raw[0].body, raw[0].timeout), (&[0xff][..], None));
            assert_eq!(raw[1].headers.len(), 2);
        });
    }
}
