//! `function.toml` as types: how a function is built, where it is reached, which events it receives,
//! what it needs and what it may use.
//!
//! The same types travel as JSON through the deploy API. Parsing checks everything that can be
//! checked without a host; reading the file is the caller's.

mod backoff;
mod build;
mod deliveries;
mod limits;
mod manifest;
mod needs;
mod route;
mod schedule;
mod subscribe;
mod watch;

pub use backoff::Backoff;
pub use build::Build;
pub use limits::{LimitsTable, ReuseTable};
pub use manifest::{HttpTrigger, Manifest};
pub use needs::Needs;
pub use route::{Route, Segment};
pub use schedule::{Cron, Schedule, Zone};
pub use subscribe::{From as SubscribeFrom, Subscribe};
pub use watch::Watch;
