//! Structured logs: the host's own on its standard error, and a bounded one for each function.
//!
//! The names of fields are constants ([`field`]), so that a query written once keeps working. What
//! a function writes goes to both: its [`GuestLog`], and the host's log under the target
//! [`FUNCTION`](guest::FUNCTION).
//!
//! Absent: metrics and traces. Nothing here knows what a request or a store is.

pub mod field;
pub mod guest;
pub mod log;

pub use guest::{GuestEntry, GuestLog, Level};
pub use log::{Format, init};
