//! The values that go in and out of a store of ids.

use ottavo_core::{Error, Result};

/// The last id: what every language and JSON hold exactly.
pub const MAX_ID: u64 = (1 << 53) - 1;

/// How ids follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Grows in general, may skip.
    Weak,
    /// Each id is greater than any before it.
    Strong,
}

/// How many ids are taken at once: 1 to 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u32);

impl Size {
    /// A single id.
    pub const ONE: Size = Size(1);
    /// The largest.
    pub const MAX: Size = Size(1_000_000);

    /// Accepts a size from a caller.
    ///
    /// # Errors
    /// `invalid-argument` outside 1 to 1,000,000.
    pub fn parse(size: u32) -> Result<Size> {
        match size {
            1..=1_000_000 => Ok(Size(size)),
            _ => Err(Error::invalid(format!("the size of a range is `{size}`: use 1 to 1000000"))),
        }
    }

    /// The number of ids.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// A block of ids: `first ..= last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The smallest.
    pub first: u64,
    /// The greatest.
    pub last: u64,
}

/// What a store can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// What was handed out survives the end of the process and of the machine.
    Durable,
    /// Several hosts count on the same data.
    Shared,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_a_size() {
        for good in [1, 2, 1_000_000] {
            assert_eq!(Size::parse(good).expect("valid").get(), good);
        }
        for bad in [0, 1_000_001, u32::MAX] {
            assert!(Size::parse(bad).is_err(), "{bad}");
        }
    }
}
