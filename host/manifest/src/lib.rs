//! `function.toml` as types: how a function is built, where it is reached, which events it receives,
//! what it needs and what it may use.
//!
//! The same types travel as JSON through the deploy API. Parsing checks everything that can be
//! checked without a host, and says all that is wrong; reading the file is the caller's.

mod backoff;
mod binding;
mod build;
mod deliveries;
mod findings;
mod limits;
mod manifest;
mod needs;
mod route;
mod rules;
mod schedule;
mod subscribe;
mod watch;

pub use backoff::Backoff;
pub use binding::Binding;
pub use build::Build;
pub use limits::{LimitsTable, ReuseTable};
pub use manifest::{HttpTrigger, Manifest};
pub use needs::Needs;
pub use route::{Route, Segment};
pub use schedule::Schedule;
pub use subscribe::{From as SubscribeFrom, Subscribe};
pub use watch::Watch;
