//! The real binary, as its users and its worst guests meet it: one file per feature.
#![expect(clippy::disallowed_methods, reason = "a test ends with its runtime and all its tasks")]

mod configuration;
mod deploy;
mod durability;
mod faults;
mod grants;
mod refusals;
mod shutdown;
