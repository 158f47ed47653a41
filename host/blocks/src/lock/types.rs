//! The values that go in and out of a store of locks.

use std::fmt;
use std::time::Duration;

use ottavo_core::context::new_request_id;
use ottavo_core::{Error, Result};

use crate::Key;

/// Who holds a lock: 1 to 4096 bytes of UTF-8, without NUL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner(String);

impl Owner {
    const MAX: usize = 4096;

    /// Accepts an owner from a caller.
    ///
    /// # Errors
    /// `invalid-argument` that says which rule is broken.
    pub fn parse(text: impl Into<String>) -> Result<Owner> {
        let text = text.into();
        let length = text.len();
        if length == 0 || length > Owner::MAX {
            let max = Owner::MAX;
            return Err(Error::invalid(format!("an owner has {length} bytes: use 1 to {max}")));
        }
        if text.contains('\0') {
            let text = text.escape_debug();
            return Err(Error::invalid(format!("the owner `{text}` has a NUL character")));
        }
        Ok(Owner(text))
    }

    /// One that nobody else has, with the certainty of 128 random bits.
    pub fn unique() -> Owner {
        Owner(new_request_id().to_string())
    }

    /// The owner as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The owner as owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long a lock is held without being renewed: 1 ms to 100 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ttl(u64);

impl Ttl {
    const MAX: u64 = 1000 * 60 * 60 * 24 * 365 * 100;

    /// Accepts a span in milliseconds from a caller.
    ///
    /// # Errors
    /// `invalid-argument` outside 1 ms to 100 years.
    pub fn parse(millis: u64) -> Result<Ttl> {
        match millis {
            1..=Ttl::MAX => Ok(Ttl(millis)),
            _ => {
                let max = Ttl::MAX;
                Err(Error::invalid(format!("the ttl of a lock is `{millis}` ms: use 1 to {max}")))
            }
        }
    }

    /// In milliseconds.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// As a span of time.
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

/// What a caller asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Of what.
    pub resource: Key,
    /// By whom; none for an owner that the store makes up.
    pub owner: Option<Owner>,
    /// How long it is held.
    pub ttl: Ttl,
    /// How long to wait for it.
    pub wait: Duration,
}

impl Claim {
    /// The owner, made up if there is none.
    pub fn owner(&self) -> Owner {
        self.owner.clone().unwrap_or_else(Owner::unique)
    }
}

/// A lock that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// By whom.
    pub owner: Owner,
    /// Greater than that of any lease of the resource before it.
    pub fencing_token: u64,
    /// Until it expires unless renewed.
    pub remaining: Duration,
}

/// What came of unlocking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// It was held by the owner and is free.
    Released,
    /// Nobody held it.
    NotHeld,
    /// Another owner holds it; nothing was done.
    HeldByOther,
}

/// What a store can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// What was taken survives the end of the process and of the machine.
    Durable,
    /// Several hosts exclude each other.
    Shared,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_have_rules() {
        for good in ["a", "a||b", &"x".repeat(4096)] {
            assert_eq!(Owner::parse(good).expect("valid").as_str(), good);
        }
        for bad in ["", "a\0b", &"x".repeat(4097)] {
            assert!(Owner::parse(bad).is_err());
        }
        assert_ne!(Owner::unique(), Owner::unique());
    }

    #[test]
    fn a_lock_is_held_for_a_while_and_not_for_ever() {
        assert_eq!(Ttl::parse(1).expect("valid").duration(), Duration::from_millis(1));
        assert!(Ttl::parse(3_153_600_000_000).is_ok());
        for bad in [0, 3_153_600_000_001, u64::MAX] {
            assert!(Ttl::parse(bad).is_err(), "{bad}");
        }
    }
}
