//! Core modules become components; a .wasm is explained by its imports and exports.
//!
//! [`component`] takes whatever was uploaded, [`inspect`] reads what a component asks for and
//! offers, [`explain`] compares that with what this host provides, [`check`] says so as one error, and
//! [`surface`] as a list for people. [`tuned`] changes a component before it is compiled. Start at
//! `component.rs`; what the host provides stands in `provided.rs`.
//!
//! Invariants: pure functions over bytes, no I/O and no wasmtime. The bytes are hostile: nothing
//! panics on them, nothing is executed, and no message grows with them. The list of our own
//! interfaces is read from `wit/` and never written down a second time.
//!
//! Absent: grants (`api`), compiling and linking (`engine`). A type mismatch with a `wasi:*`
//! interface is found there, when the component is linked.

mod check;
mod component;
mod encode;
mod explain;
mod features;
mod foreign;
mod graph;
mod infer;
mod inspect;
mod interface;
mod listing;
mod outside;
mod package;
mod preview1;
mod producers;
mod provided;
mod signature;
mod sniff;
mod surface;
mod symbols;
mod tuned;
mod wasi;
mod world;

pub use check::check;
pub use component::component;
pub use explain::{ImportStatus, Status, explain};
pub use inspect::{Export, Handler, Import, Inspection, Sort, inspect};
pub use signature::Mismatch;
pub use surface::surface;
pub use tuned::{TUNING_REVISION, tuned};
