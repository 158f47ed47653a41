//! The names of the fields of log lines, the same in every room.
//!
//! Used as `tracing::warn!({ field::STORE } = %name, "the store is down")`.

/// Names a request in every log line and every answer.
pub const REQUEST_ID: &str = "request_id";
/// A function's name.
pub const FUNCTION: &str = "function";
/// A version of a function.
pub const VERSION: &str = "version";
/// The block of a store: `state`.
pub const BLOCK: &str = "block";
/// A store's name.
pub const STORE: &str = "store";
/// The name of a store's driver.
pub const DRIVER: &str = "driver";
/// An error, with its causes.
pub const ERROR: &str = "error";
/// The name of an error's kind.
pub const KIND: &str = "kind";
/// Where a listener listens, or who called.
pub const ADDRESS: &str = "address";
