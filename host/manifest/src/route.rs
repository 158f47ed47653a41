//! Routes: `/orders`, `/orders/:id`, `/files/...`.

use std::fmt;
use std::str::FromStr;

use ottavo_core::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One segment of a route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Matches itself, compared with the decoded segment of the path.
    Exact(String),
    /// Matches one non-empty segment and names it.
    Param(String),
    /// `...`: matches the rest of the path, also none of it. Only last.
    Rest,
}

/// A pattern of paths, written as in `function.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Route {
    text: String,
    segments: Vec<Segment>,
}

impl Route {
    /// Its segments, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Route {
    type Err = Error;

    fn from_str(text: &str) -> Result<Route, Error> {
        let wrong = |why: String| Error::invalid(format!("route `{}` {why}", text.escape_debug()));
        let Some(path) = text.strip_prefix('/') else {
            return Err(wrong("does not begin with `/`".into()));
        };
        if text.contains(['?', '#', '%']) || text.chars().any(|c| c.is_control() || c == ' ') {
            return Err(wrong("has one of `?`, `#`, `%`, a space or a control character: write the path decoded and without a query".into()));
        }
        let mut segments = Vec::new();
        let parts: Vec<&str> = if path.is_empty() { Vec::new() } else { path.split('/').collect() };
        for (at, part) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            segments.push(match *part {
                "..." if last => Segment::Rest,
                "..." => return Err(wrong("has `...` before its end".into())),
                "." | ".." => return Err(wrong(format!("has the segment `{part}`"))),
                "" if !last => return Err(wrong("has an empty segment".into())),
                part => match part.strip_prefix(':') {
                    Some(name) => Segment::Param(param(name).map_err(wrong)?),
                    None => Segment::Exact(part.to_owned()),
                },
            });
        }
        let mut names: Vec<_> =
            segments.iter().filter(|s| matches!(s, Segment::Param(_))).collect();
        names.sort();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            let Segment::Param(name) = pair[0] else { unreachable!("filtered above") };
            return Err(wrong(format!("has `:{name}` twice")));
        }
        Ok(Route { text: text.to_owned(), segments })
    }
}

fn param(name: &str) -> Result<String, String> {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(fine) {
        true => Ok(name.to_owned()),
        false => Err(format!("has the parameter `:{name}`: use letters, digits, `_` and `-`")),
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Route {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Route {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Route, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_parsed_into_segments() {
        let route: Route = "/a/:id/...".parse().expect("valid");
        let expected = [Segment::Exact("a".into()), Segment::Param("id".into()), Segment::Rest];
        assert_eq!(route.segments(), expected);
        assert_eq!("/".parse::<Route>().expect("root").segments(), []);
    }

    #[test]
    fn wrong_routes_are_refused() {
        for bad in ["", "a", "/a//b", "/.../a", "/a?b", "/:", "/:a/:a", "/a/../b", "/%41", "/a b"] {
            assert!(bad.parse::<Route>().is_err(), "{bad}");
        }
    }
}
