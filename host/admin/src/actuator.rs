//! The actuator: health and info over HTTP, read-only.
//!
//! | request | answer |
//! |---|---|
//! | `GET /actuator/health/liveness` | UP as long as it can answer |
//! | `GET /actuator/health/readiness`, `GET /actuator/health` | whether requests are welcome |
//! | `GET /actuator/info` | name and version, stores |
//!
//! `{"status": "UP", "components": {"state.default": {"status": "UP", "details": {..}}}}`, with 200
//! when `status` is UP, else 503.

mod health;
mod listener;

pub use health::{Health, State};
pub use listener::{Bound, Config};
