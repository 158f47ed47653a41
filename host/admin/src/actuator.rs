//! The actuator: health, info and metrics over HTTP, read-only.
//!
//! | request | answer |
//! |---|---|
//! | `GET /actuator/health/liveness` | UP as long as it can answer |
//! | `GET /actuator/health/readiness` | whether requests are welcome |
//! | `GET /actuator/health` | that, and how each store is |
//! | `GET /actuator/info` | name and version, stores |
//! | `GET /actuator/metrics`, `GET /metrics` | what the host counts, for Prometheus |
//!
//! `{"status": "UP", "components": {"state.default": {"status": "UP", "details": {..}}}}`, with 200
//! when `status` is UP, else 503.
//!
//! Invariant: an answer waits for nothing. Stores are asked by the probe, in the background, and what
//! it last heard is what is told.

mod health;
mod listener;
mod probe;
mod report;

pub use health::{Health, State, Trouble};
pub use listener::{Bound, Config};
pub use probe::probe;
