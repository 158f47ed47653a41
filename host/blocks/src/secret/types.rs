//! What a store of secrets answers.

use bytes::Bytes;
use ottavo_core::{Error, Kind, Result, Secret};

/// The most bytes of names and values in one answer: what passes every door.
pub const MAX_BULK: usize = (4 << 20) - (64 << 10);

/// What stands under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// None where the store keeps one version of everything.
    pub version: Option<String>,
    /// By name; one or more.
    pub values: Vec<(String, Secret<Bytes>)>,
}

impl Bundle {
    /// One value under its own name, in a store without versions.
    pub fn single(name: impl Into<String>, value: Secret<Bytes>) -> Bundle {
        Bundle { version: None, values: vec![(name.into(), value)] }
    }

    /// The bytes of its names and values.
    pub fn size(&self) -> usize {
        self.values.iter().map(|(name, value)| name.len() + value.expose().len()).sum()
    }
}

/// What a store can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// It keeps older versions of a secret.
    Versions,
}

/// Refuses a version, for stores that do not claim [`Capability::Versions`].
///
/// # Errors
/// `unsupported` when there is one.
pub fn no_version(version: Option<&str>) -> Result<()> {
    match version {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Kind::Unsupported,
            "the store keeps one version of a secret: leave `version` out",
        )),
    }
}
