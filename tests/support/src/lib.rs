//! Real hosts, real guests and clients for the tests.
//!
//! A [`TestHost`] is the real binary in a process of its own, with ports that the system chose, a
//! data directory that goes with it, and compiled functions shared with other test hosts. Programs
//! were built by `cargo xtask test` before; a missing one is an error, never a skipped test. A
//! [`TestRedis`] is the `redis-server` on the PATH, in a process of its own as well, and so is the
//! `versitygw` of [`TestObjects`]; a [`Toxic`] stands in front of one and makes it slow, silent or flapping.

mod answer;
mod authority;
mod client;
mod echo;
mod host;
mod objects;
mod peer;
mod port;
mod programs;
mod redis;
mod text;
mod toxic;

pub use answer::{Answer, send};
pub use authority::{Authority, secret_file};
pub use client::Client;
pub use echo::Echo;
pub use host::{Builder, TestHost, binary};
pub use objects::TestObjects;
pub use peer::Peer;
pub use programs::{not_built, program, root};
pub use redis::TestRedis;
pub use text::handler;
pub use toxic::{Toxic, Toxin};
