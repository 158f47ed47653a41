//! Deployed functions: their versions, where they are reached, and how a request runs in one.
//!
//! The triggers see `http` types and the types of this room; wasmtime never appears in them.
//! Every call gets a fresh instance, within the limits of its function, and what it did wrong comes
//! back as a [`Failure`] that is ready for an answer.

mod failure;
mod request;
mod routes;

pub use failure::Failure;
pub use request::{Client, Request, Response};
pub use routes::{Match, Miss, RouteTable};
