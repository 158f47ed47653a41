//! Structured logs, the host's own on its standard error and a bounded one for each function, the
//! audit log, and the host's metrics.
//!
//! The names of fields are constants ([`field`]), so that a query written once keeps working. What
//! a function writes goes to both: its [`GuestLog`], and the host's log under the target
//! [`FUNCTION`](guest::FUNCTION).
//!
//! Absent: traces, and whoever serves the metrics. Nothing here knows what a request or a store is.

pub mod audit;
pub mod field;
pub mod guest;
pub mod log;
pub mod metrics;

pub use audit::{Action, Audit};
pub use guest::{GuestEntry, GuestLog, Level, Page};
pub use log::{Format, init};
pub use metrics::Metrics;
