//! A TOML text read against a JSON schema: every value with its place, and every problem on the way.
//!
//! Only a text that fits is deserialised afterwards, so that nobody meets the first problem alone. A
//! value that must not show is never part of a message. This room does no I/O.

pub mod format;
mod problem;
mod reader;
mod shape;

pub use problem::{Place, Problem, Problems};
pub use reader::{Entry, Findings, Found, Reader, Rules, join, type_of};
pub use shape::{Shape, quoted};
