//! The gRPC door: what apps in any language call.
//!
//! `Config::bind` takes the address, `Bound::serve` answers on it until shutdown. A call passes
//! three rooms: `connection` (bounded in number, and in how long a silent one may stay; `wire` is its TLS), `edge`
//! (who calls, deadline, request id, one form for every error) and the file of its block, which
//! decodes it, calls `ottavo_api` and encodes the answer. That file is all a new block adds.
//!
//! Absent: the rules of calls, which are `ottavo_api`'s; drivers; any task of its own beside the
//! server's.

mod binding;
mod callers;
mod config;
mod connection;
mod door;
mod edge;
mod file;
mod health;
mod invoke;
mod listener;
mod lock;
mod options;
mod pairs;
mod pubsub;
mod reflection;
mod routes;
mod secret;
mod sequencer;
mod server;
mod socket_file;
mod state;
mod wire;

pub use callers::Callers;
pub use options::{Config, Listen};
pub use server::Bound;
