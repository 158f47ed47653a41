//! The HTTP trigger: requests from the network become calls of functions.
//!
//! HTTP/1.1 and HTTP/2 (with prior knowledge, or as agreed in the handshake of TLS) on one port. A client is hostile until it is answered:
//! headers, bodies, streams and connections have bounds and deadlines, one table watches all
//! connections, and a client that goes away takes its call with it.
//!
//! Entry points: [`Config::bind`], then [`Bound::serve`]. A request's way is `handler`.
//!
//! Bodies are whole, but for functions of `wasi:http`: theirs are an `Upload` and a `Streamed`.
//!
//! Absent: upgrades, and any task per request on HTTP/1.

mod body;
mod config;
mod connection;
mod error;
mod fields;
mod handler;
mod link;
mod listener;
mod notices;
mod proxy;
mod request;
mod response;
mod stream;
mod table;
mod upload;

pub use config::{Config, Errors};
pub use listener::Bound;
pub use notices::{Notice, Notices};
