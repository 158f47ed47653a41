//! Header fields that concern one connection, and what a proxy says of itself.

use http::header::{CONNECTION, HeaderMap, HeaderName};

/// What the names of a request's fields tell before any value is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs {
    /// Some field concerns the connection only.
    pub(crate) hop: bool,
    /// A proxy speaks for someone else.
    pub(crate) forwarded: bool,
}

/// One pass over the names.
pub(crate) fn signs(fields: &HeaderMap) -> Signs {
    let mut signs = Signs::default();
    for name in fields.keys() {
        signs.hop |= is_hop(name);
        signs.forwarded |= matches!(name.as_str(), "forwarded" | "x-forwarded-for" | "x-real-ip");
    }
    signs
}

/// Removes the fields that concern one connection only, those that `Connection` names included
/// (RFC 9110, section 7.6.1). `Host` stays: naming it would take away what the route was found by.
pub(crate) fn strip(fields: &mut HeaderMap) {
    let named: Vec<HeaderName> = fields
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .filter(|name| *name != http::header::HOST && *name != http::header::CONTENT_LENGTH)
        .collect();
    let hops: Vec<HeaderName> = fields.keys().filter(|name| is_hop(name)).cloned().collect();
    for name in named.iter().chain(&hops) {
        fields.remove(name);
    }
}

fn is_hop(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut fields = HeaderMap::new();
        for (name, value) in pairs {
            fields.append(*name, value.parse().expect("a value"));
        }
        fields
    }

    #[test]
    fn fields_of_the_connection_go_and_others_stay() {
        let mut some = fields(&[
            ("host", "a"),
            ("connection", "close, X-Named,host"),
            ("connection", "content-length ,, x y"),
            ("x-named", "1"),
            ("x-named", "2"),
            ("content-length", "3"),
            ("keep-alive", "timeout=5"),
            ("proxy-connection", "x"),
            ("proxy-authorization", "x"),
            ("te", "trailers"),
            ("trailer", "x"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("x-other", "4"),
        ]);
        assert!(signs(&some).hop);
        strip(&mut some);
        assert_eq!(some, fields(&[("host", "a"), ("content-length", "3"), ("x-other", "4")]));
        assert_eq!(signs(&some), Signs::default());
    }

    #[test]
    fn a_proxy_is_noticed() {
        for name in ["forwarded", "x-forwarded-for", "x-real-ip"] {
            assert_eq!(signs(&fields(&[(name, "x")])), Signs { hop: false, forwarded: true });
        }
    }
}
