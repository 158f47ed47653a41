//! `[needs] egress`: which hosts a function may send requests to.

use std::net::IpAddr;

use http::Uri;
use http::uri::Scheme;
use ottavo_blocks::egress::Reach;
use ottavo_core::{Error, Result};

/// The hosts that a caller may send requests to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EgressGrant(Vec<Pattern>);

/// One grant: `[private:][scheme://]host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// Whether it may turn out to be an address that is not of the internet.
    near: bool,
    /// None: both.
    scheme: Option<Known>,
    host: Host,
    /// None: the one that the scheme has by default.
    port: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Http,
    Https,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    /// `*`
    Any,
    /// `*.example.com`: any name under it, not itself.
    Under(String),
    Name(String),
    Address(IpAddr),
}

/// Where one request goes, as grants are compared with it.
pub(crate) struct Destination {
    scheme: Known,
    host: Host,
    port: u16,
}

impl Destination {
    /// Of an absolute URL.
    pub(crate) fn of(uri: &Uri) -> Result<Destination> {
        let scheme = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => Known::Https,
            _ => Known::Http,
        };
        let host = host(uri.host().unwrap_or_default())
            .filter(|host| matches!(host, Host::Name(_) | Host::Address(_)));
        let host = host.ok_or_else(|| {
            let host = uri.host().unwrap_or_default().escape_debug();
            Error::invalid(format!("`{host}` is not the name of a host"))
        })?;
        Ok(Destination { scheme, host, port: uri.port_u16().unwrap_or(scheme.port()) })
    }

    /// As a grant for it would be written.
    pub(crate) fn text(&self) -> String {
        let port = Some(self.port).filter(|port| *port != self.scheme.port());
        let (host, scheme) = (self.host.clone(), Some(self.scheme));
        Pattern { near: false, scheme, host, port }.text()
    }
}

impl EgressGrant {
    /// Adds a grant of the form `[private:][scheme://]host[:port]`, where `host` may be a name,
    /// `*.name`, `*`, or an address.
    ///
    /// # Errors
    /// `invalid-argument` that says which form is expected.
    pub(crate) fn allow(&mut self, text: &str) -> Result<()> {
        let pattern = Pattern::parse(text).ok_or_else(|| {
            Error::invalid(format!(
                "`{}` is not an egress grant: write `host`, `host:port` or `https://host:port`, \
                 where the host is a name in ASCII, `*.name`, `*` or an address; `private:` before it \
                 for names with an address that is not of the internet",
                text.escape_debug()
            ))
        })?;
        self.0.push(pattern);
        Ok(())
    }

    /// How far a request to there may reach; none when it may not be made.
    pub(crate) fn reach(&self, to: &Destination) -> Option<Reach> {
        let mut reach = None;
        for pattern in self.0.iter().filter(|pattern| pattern.covers(to)) {
            match pattern.reaches_anywhere() {
                true => return Some(Reach::Anywhere),
                false => reach = Some(Reach::Public),
            }
        }
        reach
    }

    /// What of this grant `before` does not cover.
    pub(crate) fn beyond(&self, before: &EgressGrant) -> EgressGrant {
        let within =
            |new: &Pattern| new.each().all(|new| before.0.iter().any(|b| b.includes(&new)));
        let mut beyond: Vec<Pattern> = Vec::new();
        for pattern in self.0.iter().filter(|pattern| !within(pattern)) {
            if !beyond.contains(pattern) {
                beyond.push(pattern.clone());
            }
        }
        EgressGrant(beyond)
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// Each grant by itself: `egress https://api.example.com`.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|pattern| format!("egress {}", pattern.text()))
    }
}

impl Known {
    fn port(self) -> u16 {
        match self {
            Known::Http => 80,
            Known::Https => 443,
        }
    }
}

impl Pattern {
    fn parse(text: &str) -> Option<Pattern> {
        let (near, rest) = match text.strip_prefix("private:") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (scheme, rest) = match rest.split_once("://") {
            Some(("http", rest)) => (Some(Known::Http), rest),
            Some(("https", rest)) => (Some(Known::Https), rest),
            Some(_) => return None,
            None => (None, rest),
        };
        // a colon within brackets belongs to the address
        let (name, port) = match rest.rfind([':', ']']) {
            Some(at) if rest.as_bytes()[at] == b':' => {
                let port: u16 = rest[at + 1..].parse().ok().filter(|port| *port > 0)?;
                (&rest[..at], Some(port))
            }
            _ => (rest, None),
        };
        Some(Pattern { near, scheme, host: host(name)?, port })
    }

    fn covers(&self, to: &Destination) -> bool {
        self.scheme.is_none_or(|scheme| scheme == to.scheme)
            && self.port.unwrap_or(to.scheme.port()) == to.port
            && self.host.covers(&to.host)
    }

    /// An address, or the name of this machine, says itself where it is.
    fn reaches_anywhere(&self) -> bool {
        let says_so = match &self.host {
            Host::Address(_) => true,
            Host::Name(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Any | Host::Under(_) => false,
        };
        self.near || says_so
    }

    /// The same, one scheme at a time, with its port.
    fn each(&self) -> impl Iterator<Item = Pattern> {
        let schemes = [Known::Http, Known::Https].into_iter();
        let schemes = schemes.filter(|scheme| self.scheme.is_none_or(|own| own == *scheme));
        schemes.map(|scheme| Pattern {
            scheme: Some(scheme),
            port: Some(self.port.unwrap_or(scheme.port())),
            ..self.clone()
        })
    }

    /// Whether it covers all that `other`, of one scheme and port, covers.
    fn includes(&self, other: &Pattern) -> bool {
        let to = |scheme: Known| Destination {
            scheme,
            host: other.host.clone(),
            port: other.port.unwrap_or(scheme.port()),
        };
        other.scheme.is_some_and(|scheme| self.covers(&to(scheme)))
            && (self.reaches_anywhere() || !other.reaches_anywhere())
    }

    fn text(&self) -> String {
        let near = if self.near { "private:" } else { "" };
        let scheme = match self.scheme {
            None => "",
            Some(Known::Http) => "http://",
            Some(Known::Https) => "https://",
        };
        let host = match &self.host {
            Host::Any => "*".to_owned(),
            Host::Under(name) => format!("*.{name}"),
            Host::Name(name) => name.clone(),
            Host::Address(IpAddr::V4(address)) => address.to_string(),
            Host::Address(IpAddr::V6(address)) => format!("[{address}]"),
        };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{near}{scheme}{host}{port}")
    }
}

impl Host {
    /// Whether all of `other` is within it.
    fn covers(&self, other: &Host) -> bool {
        let below = |name: &str, other: &str| {
            other.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'))
        };
        match (self, other) {
            (Host::Any, _) => true,
            (Host::Under(name), Host::Name(other)) => below(name, other),
            (Host::Under(name), Host::Under(other)) => name == other || below(name, other),
            (one, other) => one == other,
        }
    }
}

/// The host of a grant or a URL, in one spelling.
fn host(text: &str) -> Option<Host> {
    if text == "*" {
        return Some(Host::Any);
    }
    if let Some(address) = text.strip_prefix('[') {
        let address = address.strip_suffix(']')?.parse().ok()?;
        return Some(Host::Address(IpAddr::V6(address)));
    }
    if let Ok(address) = text.parse() {
        return Some(Host::Address(IpAddr::V4(address)));
    }
    let (under, name) = match text.strip_prefix("*.") {
        Some(name) => (true, name),
        None => (false, text),
    };
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if name.len() > 253 || !name.split('.').all(label) {
        return None;
    }
    Some(if under { Host::Under(name) } else { Host::Name(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(texts: &[&str]) -> EgressGrant {
        let mut grant = EgressGrant::default();
        for text in texts {
            grant.allow(text).expect(text);
        }
        grant
    }

    fn reach(texts: &[&str], url: &str) -> Option<Reach> {
        let uri: Uri = url.parse().expect(url);
        grant(texts).reach(&Destination::of(&uri).expect(url))
    }

    #[test]
    fn a_host_is_covered_with_its_scheme_and_port() {
        for (text, url, covered) in [
            ("api.example.com", "https://api.example.com/x", true),
            ("api.example.com", "http://API.Example.com./x", true),
            ("api.example.com", "https://api.example.com:8443/", false),
            ("api.example.com", "https://example.com/", false),
            ("api.example.com", "https://xapi.example.com/", false),
            ("https://api.example.com", "http://api.example.com/", false),
            ("api.example.com:8443", "https://api.example.com:8443/", true),
            ("api.example.com:8443", "https://api.example.com/", false),
            ("*.example.com", "https://a.b.example.com/", true),
            ("*.example.com", "https://example.com/", false),
            ("*.example.com", "https://badexample.com/", false),
            ("*", "https://anything.at.all/", true),
            ("*", "https://anything.at.all:444/", false),
            ("127.0.0.1:9000", "http://127.0.0.1:9000/", true),
            ("127.0.0.1:9000", "http://127.0.0.2:9000/", false),
            ("127.0.0.1:9000", "http://localhost:9000/", false),
            ("[::1]:9000", "http://[0:0:0:0:0:0:0:1]:9000/", true),
        ] {
            assert_eq!(reach(&[text], url).is_some(), covered, "{text} for {url}");
        }
    }

    #[test]
    fn what_is_near_must_be_said() {
        for (text, url, expected) in [
            ("db.example.com", "http://db.example.com/", Reach::Public),
            ("private:db.example.com", "http://db.example.com/", Reach::Anywhere),
            ("*", "http://127.0.0.1/", Reach::Public),
            ("private:*", "http://127.0.0.1/", Reach::Anywhere),
            ("127.0.0.1", "http://127.0.0.1/", Reach::Anywhere),
            ("localhost:9000", "http://localhost:9000/", Reach::Anywhere),
            ("*.localhost", "http://a.localhost/", Reach::Public),
        ] {
            assert_eq!(reach(&[text], url), Some(expected), "{text} for {url}");
        }
        let both = ["db.example.com", "private:db.example.com"];
        assert_eq!(reach(&both, "http://db.example.com/"), Some(Reach::Anywhere));
    }

    #[test]
    fn another_form_is_refused() {
        for bad in [
            "",
            "http://",
            "ftp://a",
            "a/b",
            "a:0",
            "a:x",
            "a b",
            "*a",
            "a.*",
            "ä.example.com",
            ":80",
            "http://u@a",
            "[::1",
            "*.",
            "a..b",
        ] {
            assert!(EgressGrant::default().allow(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_goes_beyond_is_what_was_not_covered() {
        for (before, after, beyond) in [
            (&[] as &[&str], &["a.com"] as &[&str], &["egress a.com"] as &[&str]),
            (&["a.com"], &["https://a.com", "http://a.com:80"], &[]),
            (&["https://a.com"], &["a.com"], &["egress a.com"]),
            (&["https://a.com", "http://a.com"], &["a.com"], &[]),
            (&["*.a.com"], &["b.a.com", "*.b.a.com", "*.a.com"], &[]),
            (&["*.a.com"], &["a.com"], &["egress a.com"]),
            (&["a.com"], &["private:a.com"], &["egress private:a.com"]),
            (&["private:a.com"], &["a.com"], &[]),
            (&["*"], &["127.0.0.1"], &["egress 127.0.0.1"]),
            (&["a.com"], &["a.com:8080"], &["egress a.com:8080"]),
        ] {
            let found: Vec<_> = grant(after).beyond(&grant(before)).texts().collect();
            assert_eq!(found, beyond, "{before:?} then {after:?}");
        }
    }
}
