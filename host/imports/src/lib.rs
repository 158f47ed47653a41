//! The WIT door: what functions import from the host and export to it, one file per interface.
//!
//! A host function decodes its arguments, goes through `ottavo_api`, and encodes the answer; it
//! decides nothing. While it runs, the guest's CPU clock stands still.
//!
//! Standard WASI 0.2 interfaces are provided so that ordinary toolchains link, with nothing granted:
//! no files, no sockets, no environment. Standard output becomes lines of the function's log. `wasi:http`
//! 0.2 is there as a second way to receive requests, with bodies that stream, and to send them, within
//! the same grants as `http-client`.

mod answer;
mod binding;
mod bindings;
mod call;
mod config;
mod context;
mod error;
mod event_handler;
mod facts;
mod file;
mod handler;
mod http_client;
mod http_handler;
mod incoming_handler;
mod invoke;
mod lock;
mod log;
mod log_room;
mod output;
mod program;
mod pubsub;
mod secret;
mod sequencer;
mod service;
mod state;
mod streaming;
mod wasi;
mod wasi_http;

pub use bindings::exports::ottavo::runtime::event_handler::{Event, Outcome};
pub use bindings::ottavo::runtime::http::Response;
pub use call::{Call, Panic};
pub use error::to_core;
pub use facts::Facts;
pub use handler::{Handled, Handlers};
pub use http_handler::Request;
pub use incoming_handler::Incoming;
pub use log_room::LogRoom;
pub use streaming::{Heard, Part};

use wasmtime::component::{HasSelf, Linker};

/// Everything that a function may import; of WASI 0.3 where the engine supports concurrency.
///
/// # Errors
/// Only if two interfaces were of one name.
pub fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Call>> {
    let mut linker = Linker::new(engine);
    bindings::Function::add_to_linker::<Call, HasSelf<Call>>(&mut linker, |call| call)?;
    bindings::preview1::Preview1::add_to_linker::<Call, HasSelf<Call>>(&mut linker, |call| call)?;
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    if engine.get_concurrency_support() {
        wasmtime_wasi::p3::add_to_linker(&mut linker)?;
        wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    }
    Ok(linker)
}
