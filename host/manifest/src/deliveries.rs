//! After how many deliveries an event is given up, where nothing else says so.

const DEFAULT: u32 = 10;

/// What is wrong with none.
pub(crate) const ZERO: &str = "is zero: use 1 or more";

pub(crate) fn default() -> u32 {
    DEFAULT
}

pub(crate) fn is_default(value: &u32) -> bool {
    *value == DEFAULT
}
