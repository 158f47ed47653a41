//! The door over real sockets, with a real store behind it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod deadlines;
mod gate;
mod health;
mod host;
mod listeners;
mod raw;
mod reflection;
mod shutdown;
mod sizes;
mod subscribe;
