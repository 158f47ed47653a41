//! What goes out and what comes back. Parsed once, at the edge.

use std::fmt;

use bytes::Bytes;
use ottavo_core::{Error, Kind, Result};

/// The most bytes of data and metadata either way: 4 MiB less 64 KiB for the envelope, so that they
/// pass every door.
pub const MAX_DATA: usize = (4 << 20) - (64 << 10);

/// The longest operation, and the longest name of a pair, in bytes.
const MAX_NAME: usize = 4096;

/// What is to be done: 1 to 4096 bytes, without NUL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation(String);

impl Operation {
    /// Accepts an operation from a caller.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn parse(text: impl Into<String>) -> Result<Operation> {
        let text = text.into();
        check_name("operation", &text)?;
        Ok(Operation(text))
    }

    /// The operation as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// That it is none of those that the driver knows.
    pub fn unknown(&self, known: &[&str]) -> Error {
        let known = known.join(", ");
        let message =
            format!("the operation `{}` is unknown: use one of {known}", self.0.escape_debug());
        Error::new(Kind::Unsupported, message)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names and values, in order. A name may stand several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(String, String)>);

impl Metadata {
    /// Accepts pairs from a caller.
    ///
    /// # Errors
    /// `invalid-argument` for a name that breaks a rule.
    pub fn parse(pairs: Vec<(String, String)>) -> Result<Metadata> {
        for (name, _) in &pairs {
            check_name("name of metadata", name)?;
        }
        Ok(Metadata(pairs))
    }

    /// What a driver found, as it is.
    pub fn found(pairs: Vec<(String, String)>) -> Metadata {
        Metadata(pairs)
    }

    /// The pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The pairs, owned.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// The bytes of all names and values.
    pub fn size(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.len()).sum()
    }
}

fn check_name(what: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::invalid(format!("the {what} is empty: use 1 to {MAX_NAME} bytes")));
    }
    if text.len() > MAX_NAME {
        let length = text.len();
        return Err(Error::invalid(format!("the {what} has {length} bytes: use 1 to {MAX_NAME}")));
    }
    if text.contains('\0') {
        let text = text.escape_debug();
        return Err(Error::invalid(format!("the {what} `{text}` has a NUL character")));
    }
    Ok(())
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The bytes as they came.
    pub data: Bytes,
    /// What the driver says of them.
    pub metadata: Metadata,
}

/// What a binding can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// It answers `create` with what it was sent: for tests.
    Echo,
    /// Things come in through it; functions hear of them as events.
    Input,
    /// What `create` is sent comes in as well: for tests.
    Loop,
}

/// Refuses what is larger than [`MAX_DATA`].
///
/// # Errors
/// `too-large` with both sizes.
pub fn check(what: &str, data: &Bytes, metadata: &Metadata) -> Result<()> {
    let size = data.len() + metadata.size();
    if size <= MAX_DATA {
        return Ok(());
    }
    let message = format!("the {what} has {size} bytes: use at most {MAX_DATA}");
    Err(Error::new(Kind::TooLarge, message).with_detail("limit", MAX_DATA.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_rules_and_sizes_a_limit() {
        for bad in ["", "a\0", &"x".repeat(4097)] {
            assert!(Operation::parse(bad).is_err());
            assert!(Metadata::parse(vec![(bad.to_owned(), String::new())]).is_err());
        }
        assert!(Operation::parse("a||b").is_ok());
        let pair = Metadata::found(vec![("a".to_owned(), "b".to_owned())]);
        let data = |size| Bytes::from(vec![0; size]);
        assert!(check("data", &data(MAX_DATA - 2), &pair).is_ok());
        let error = check("data", &data(MAX_DATA - 1), &pair).expect_err("one too many");
        assert_eq!(error.kind(), Kind::TooLarge);
    }
}
