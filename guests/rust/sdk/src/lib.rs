//! Write functions for the Ottavo host in Rust.
//!
//! A function is a plain Rust function with an attribute. Stores, logs and everything else the host
//! offers are plain calls; errors go up with `?` and become HTTP statuses.
//!
//! ```no_run
//! use ottavo_sdk::state::Store;
//! use ottavo_sdk::{Error, Request, Response, Result};
//!
//! #[ottavo_sdk::http]
//! fn inventory(request: Request) -> Result<Response> {
//!     let name = request.query("name").ok_or_else(|| Error::invalid_argument("`name` is missing"))?;
//!     let store = Store::open("default");
//!     let count = store.get(&name)?.ok_or_else(|| Error::not_found(format!("no book `{name}`")))?;
//!     Ok(Response::text(format!("{} left of {name}", count.text()?)))
//! }
//! # fn main() {}
//! ```
//!
//! Other functions and apps are called with [`invoke`], the outside with [`http_client`]:
//!
//! ```no_run
//! use ottavo_sdk::http_client::Outgoing;
//!
//! let price = ottavo_sdk::invoke::call("pricing", &Outgoing::get("/books/1"))?;
//! let rates = ottavo_sdk::http_client::send(&Outgoing::get("https://api.example.com/rates"))?;
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```
//!
//! Build it with `ottavo build`, or with cargo for `wasm32-unknown-unknown`, `wasm32-wasip1` or
//! `wasm32-wasip2`. On the machine's own target everything compiles, so that functions can have
//! ordinary tests, but a call to the host panics there.
//!
//! # Features
//!
//! - `json`: JSON bodies and values, with `serde` and `serde_json`. Without it, the SDK depends on
//!   nothing that has to be fetched.
//! - `allocator` (default): on `wasm32-unknown-unknown`, allocations are served from the memory that
//!   the module starts with, and memory grows only beyond it. A memory that never grows makes a
//!   fresh instance about twice as fast. Turn it off to bring an allocator of your own. Other
//!   targets have one that does the same already.
//!
//! # Panics
//!
//! A panic ends the call; its text and place stand in the function's log.

// the generated bindings, and the attributes' output, name this crate from outside
extern crate self as ottavo_sdk;

#[cfg(any(
    test,
    all(
        feature = "allocator",
        target_arch = "wasm32",
        target_os = "unknown",
        not(target_feature = "atomics")
    )
))]
#[expect(unsafe_code, reason = "an allocator is pointers and lengths")]
mod allocator;
pub mod binding;
#[expect(unsafe_code, reason = "the canonical ABI is pointers and lengths")]
#[doc(hidden)]
#[rustfmt::skip]
pub mod bindings;
pub mod config;
pub mod context;
mod error;
mod event;
mod export;
pub mod file;
pub mod http_client;
pub mod invoke;
mod kind;
pub mod lock;
pub mod log;
mod outcome;
mod panic;
pub mod pubsub;
mod query;
mod request;
mod response;
#[expect(unsafe_code, reason = "the canonical ABI is pointers and lengths")]
#[doc(hidden)]
pub mod rt;
pub mod secret;
pub mod sequencer;
pub mod state;
pub mod status;

pub use error::{Error, Result};
pub use event::Event;
pub use kind::Kind;
/// Makes a function receive events: of the topics and schedules in its `function.toml`.
///
/// The function takes an [`Event`], or nothing, and returns whatever is [`IntoOutcome`]. An event may
/// come more than once: an error, a panic or a timeout makes it come again. A program has one such
/// function, and may have one behind [`http`](macro@http) as well.
///
/// ```
/// use ottavo_sdk::{Event, Outcome, Result};
///
/// #[ottavo_sdk::event]
/// fn receipt(event: Event) -> Result<Outcome> {
///     if event.data().is_empty() {
///         return Ok(Outcome::drop("an order without lines"));
///     }
///     ottavo_sdk::log::info!("printing", order = event.id());
///     Ok(Outcome::Success)
/// }
/// # fn main() {}
/// ```
///
/// Refused are the same functions as behind [`http`](macro@http).
///
/// ```compile_fail
/// #[ottavo_sdk::event]
/// async fn receipt(_: ottavo_sdk::Event) {}
/// # fn main() {}
/// ```
pub use ottavo_sdk_macros::event;
/// Makes a function answer HTTP requests.
///
/// The function takes a [`Request`], or nothing, and returns whatever is [`IntoResponse`]. A program
/// has one such function.
///
/// ```
/// #[ottavo_sdk::http]
/// fn hello() -> &'static str {
///     "Hello"
/// }
/// # fn main() {}
/// ```
///
/// Refused, with the reason at the right place: an `async` function,
///
/// ```compile_fail
/// #[ottavo_sdk::http]
/// async fn hello(_: ottavo_sdk::Request) {}
/// # fn main() {}
/// ```
///
/// a generic one,
///
/// ```compile_fail
/// #[ottavo_sdk::http]
/// fn hello<R>(_: R) {}
/// # fn main() {}
/// ```
///
/// more than the request,
///
/// ```compile_fail
/// #[ottavo_sdk::http]
/// fn hello(_: ottavo_sdk::Request, _: u8) {}
/// # fn main() {}
/// ```
///
/// and what is no function.
///
/// ```compile_fail
/// #[ottavo_sdk::http]
/// struct Hello;
/// # fn main() {}
/// ```
pub use ottavo_sdk_macros::http;
pub use outcome::{IntoOutcome, Outcome};
pub use request::Request;
pub use response::{IntoResponse, Response};

/// For the attributes and the bindings; no promise.
#[doc(hidden)]
pub mod __private {
    pub use crate::export::{EventExport, EventFunction, HttpExport, HttpFunction};
    pub use crate::{bindings, rt};
}
