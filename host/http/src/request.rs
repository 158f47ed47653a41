//! What a request's head says to the host: its id and the host it asks for.

use std::sync::Arc;

use http::header::{COOKIE, HOST, HeaderMap, HeaderName};
use http::request::Parts;
use http::{HeaderValue, Version};
use ottavo_core::context::new_request_id;

/// Names a request, in both directions.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, in bytes.
const LONGEST_ID: usize = 128;

/// The client's id when it is one word of visible ASCII, else a new one.
pub(crate) fn id(fields: &HeaderMap) -> (Arc<str>, HeaderValue) {
    if let Some(value) = fields.get(REQUEST_ID)
        && (1..=LONGEST_ID).contains(&value.len())
        && value.as_bytes().iter().all(u8::is_ascii_graphic)
        && let Ok(text) = value.to_str()
    {
        return (Arc::from(text), value.clone());
    }
    let id = new_request_id();
    let value = HeaderValue::from_str(&id).expect("a new id is of letters and digits");
    (id, value)
}

/// The host that a request asks for, without its port. Of an authority in the target and a `Host`,
/// the authority counts (RFC 9112, section 3.2.2).
///
/// # Errors
/// Why the request is not one that HTTP allows.
pub(crate) fn host(head: &Parts) -> Result<Option<&str>, &'static str> {
    let mut hosts = head.headers.get_all(HOST).iter();
    let field = hosts.next();
    if hosts.next().is_some() {
        return Err("the request has more than one `Host`");
    }
    if let Some(authority) = head.uri.authority() {
        return match authority.as_str().contains('@') {
            true => Err("the request's target names a user"),
            false => Ok(Some(authority.host())),
        };
    }
    match field {
        Some(value) => name_of(value),
        None if head.version == Version::HTTP_11 => Err("the request has no `Host`"),
        None => Ok(None),
    }
}

/// Gives a head that has its host in the target the form that functions know: the host in `Host`
/// (RFC 9113, section 8.3.1), cookies in one field (section 8.2.3).
pub(crate) fn settle(head: &mut Parts) {
    let Some(authority) = head.uri.authority() else { return };
    if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
        head.headers.insert(HOST, host);
    }
    let mut cookies = head.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    if let (Some(first), Some(second)) = (cookies.next(), cookies.next()) {
        let all: Vec<_> = [first, second].into_iter().chain(cookies).collect();
        if let Ok(cookie) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
            head.headers.insert(COOKIE, cookie);
        }
    }
}

/// `shop.example.com` of `shop.example.com:8080`.
fn name_of(value: &HeaderValue) -> Result<Option<&str>, &'static str> {
    const WRONG: &str = "the request's `Host` is not the name of a host";
    let text = value.to_str().map_err(|_| WRONG)?;
    let (name, port) = match text.rfind([':', ']']) {
        Some(at) if text.as_bytes()[at] == b':' => (&text[..at], &text[at + 1..]),
        _ => (text, ""),
    };
    let fine = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.bytes().all(|b| b.is_ascii_hexdigit() || b":.".contains(&b)),
        None => name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&b)),
    };
    match fine && port.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(Some(name).filter(|name| !name.is_empty())),
        false => Err(WRONG),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(version: Version, target: &str, hosts: &[&str]) -> Parts {
        let mut request = http::Request::builder().version(version).uri(target);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn the_host_is_a_name_without_a_port() {
        let cases = [
            ("shop.example.com", Some("shop.example.com")),
            ("shop.example.com:8080", Some("shop.example.com")),
            ("127.0.0.1:80", Some("127.0.0.1")),
            ("[::1]:80", Some("[::1]")),
            ("[::1]", Some("[::1]")),
            ("a:", Some("a")),
            ("", None),
        ];
        for (field, expected) in cases {
            assert_eq!(host(&head(Version::HTTP_11, "/", &[field])), Ok(expected), "{field}");
        }
        for wrong in ["a b", "a/b", "a:b", "u@a", "[::1", "::1", "a,b:1:2", "[x]"] {
            assert!(host(&head(Version::HTTP_11, "/", &[wrong])).is_err(), "{wrong}");
        }
    }

    #[test]
    fn http_1_1_wants_exactly_one_host_and_the_target_comes_first() {
        assert!(host(&head(Version::HTTP_11, "/", &[])).is_err());
        assert!(host(&head(Version::HTTP_11, "/", &["a", "a"])).is_err());
        assert_eq!(host(&head(Version::HTTP_10, "/", &[])), Ok(None));
        let absolute = head(Version::HTTP_11, "http://b:1/x", &["a"]);
        assert_eq!(host(&absolute), Ok(Some("b")));
        assert_eq!(host(&head(Version::HTTP_2, "http://b/x", &[])), Ok(Some("b")));
        assert!(host(&head(Version::HTTP_2, "http://u@b/x", &[])).is_err());
    }

    #[test]
    fn a_host_in_the_target_and_cookies_in_pieces_become_one_field_each() {
        let mut head = head(Version::HTTP_2, "http://b:1/x", &["a"]);
        for cookie in ["a=1", "b=2", "c=3"] {
            head.headers.append(COOKIE, HeaderValue::from_static(cookie));
        }
        settle(&mut head);
        let fields: Vec<_> = head.headers.iter().map(|(n, v)| (n.as_str(), v.as_bytes())).collect();
        assert_eq!(fields, [("host", &b"b:1"[..]), ("cookie", b"a=1; b=2; c=3")]);
    }

    #[test]
    fn a_clients_id_is_kept_when_it_is_one_visible_word() {
        let sent = |value: &[u8]| {
            let mut fields = HeaderMap::new();
            fields.insert(REQUEST_ID, HeaderValue::from_bytes(value).expect("a value"));
            let (id, echoed) = id(&fields);
            assert_eq!(id.as_bytes(), echoed.as_bytes());
            id.as_bytes() == value
        };
        for good in [&b"1"[..], b"a-b_C:{}\"", &[b'x'; 128]] {
            assert!(sent(good));
        }
        for bad in [&b""[..], b"a b", b"\xc3\xa9", b"a\tb", &[b'x'; 129]] {
            assert!(!sent(bad));
        }
    }
}
