//! The rule book: what both doors have in common.
//!
//! A door decodes a call, opens a [`Session`] for its caller and calls a block through it. Every
//! such call passes `call::run`, where the rules that cut across all blocks stand once: deadline,
//! grant, the name of the store, the error's context, the trace. A block's own file here holds only
//! what is particular to it, such as which keys a grant covers.
//!
//! Absent: any encoding, any vendor, any WebAssembly.

mod batch;
pub mod binding;
mod call;
pub mod config;
pub mod egress;
pub mod file;
pub mod grants;
pub mod invoke;
pub mod lock;
mod many;
mod outbound;
mod outward;
mod prefix;
pub mod pubsub;
mod scope;
pub mod secret;
pub mod sequencer;
mod session;
pub mod state;

pub use grants::Grants;
pub use outward::{Invoker, Outward};
pub use session::{Api, Session};
