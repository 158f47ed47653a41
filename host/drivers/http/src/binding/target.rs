//! Where the requests of a binding go: its address, and paths below it.

use http::Uri;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};
use ottavo_blocks::exchange;
use ottavo_core::{Error, Result};

/// The address of a binding.
pub(super) struct Target {
    scheme: Scheme,
    authority: Authority,
    /// As it was written.
    path: PathAndQuery,
}

impl Target {
    /// # Errors
    /// `invalid-argument` without the address: it may hold a token.
    pub(super) fn parse(url: &str) -> Result<Target> {
        let wrong = || {
            let how = "write it like `https://hooks.example.com/path`, without user and password";
            Error::invalid(format!("`url` is not an address that can be requested: {how}"))
        };
        let Parts { scheme, authority, path_and_query, .. } =
            exchange::absolute(url).map_err(|_| wrong())?.into_parts();
        match (scheme, authority) {
            (Some(scheme), Some(authority)) => {
                let path = path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
                Ok(Target { scheme, authority, path })
            }
            _ => Err(wrong()),
        }
    }

    /// The address, or one below it: `path` goes behind the address's own, and its query in place of
    /// the address's.
    ///
    /// # Errors
    /// `invalid-argument` for a path that is none, or leads elsewhere.
    pub(super) fn with(&self, path: Option<&str>) -> Result<Uri> {
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(match path {
            None => self.path.clone(),
            Some(path) => below(self.path.path(), path)?,
        });
        Uri::from_parts(parts).map_err(|error| Error::internal("no address").with_source(error))
    }
}

fn below(base: &str, path: &str) -> Result<PathAndQuery> {
    let wrong = |why: &str| {
        let path = path.escape_debug();
        Error::invalid(format!("the metadata `path` is `{path}`: {why}"))
    };
    let how = "write it like `/orders?id=1`, in percent-encoding";
    if !path.starts_with('/') || path.contains('#') {
        return Err(wrong(how));
    }
    let plain = path.split('?').next().unwrap_or_default().to_lowercase().replace("%2e", ".");
    let plain = plain.replace("%2f", "/").replace("%5c", "/").replace('\\', "/");
    if plain.split('/').any(|part| part == "." || part == "..") {
        return Err(wrong("it leads out of the binding's address"));
    }
    format!("{}{path}", base.trim_end_matches('/')).parse().map_err(|_| wrong(how))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(url: &str, path: Option<&str>) -> Result<String, String> {
        let uri = Target::parse(url).and_then(|target| target.with(path));
        uri.map(|uri| uri.to_string()).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn paths_go_below_the_address() {
        for (url, path, uri) in [
            ("http://h", None, "http://h/"),
            ("https://h:1/a/?t=x", None, "https://h:1/a/?t=x"),
            ("http://h/a/", Some("/b%20c?d=e"), "http://h/a/b%20c?d=e"),
            ("http://h/a?t=x", Some("/b"), "http://h/a/b"),
            ("http://h", Some("/"), "http://h/"),
            ("http://h/a", Some("/..b/c..?x=/../"), "http://h/a/..b/c..?x=/../"),
        ] {
            assert_eq!(with(url, path).as_deref(), Ok(uri), "{url} {path:?}");
        }
    }

    #[test]
    fn no_path_leads_elsewhere() {
        for path in [
            "b",
            "",
            "//../x",
            "/..",
            "/a/../b",
            "/%2e%2E/x",
            "/a/.",
            "/..%2fx",
            "/..\\x",
            "/a b",
            "/a#b",
        ] {
            let error = with("http://h/a", Some(path)).expect_err(path);
            assert!(error.starts_with("the metadata `path` is"), "{path}: {error}");
        }
    }

    #[test]
    fn an_address_that_is_none_does_not_show() {
        for url in ["hunter2", "ftp://h/hunter2", "http://hunter2@h", "http:///hunter2"] {
            let error = with(url, None).expect_err(url);
            assert!(
                error.starts_with("`url` is not an address") && !error.contains("hunter2"),
                "{error}"
            );
        }
    }
}
