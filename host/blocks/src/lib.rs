//! The contracts of the runtime APIs, one module per block: a trait whose methods carry their
//! behaviour as lists, the types they speak, and a suite of cases that every implementer passes.
//!
//! No vendor, no wire format and no WebAssembly is known here. A driver implements these traits
//! and nothing else; the doors translate them and nothing else.

pub mod binding;
pub mod config;
pub mod egress;
pub mod exchange;
pub mod file;
pub mod invoke;
mod key;
pub mod lock;
pub mod options;
pub mod pubsub;
pub mod secret;
pub mod sequencer;
pub mod state;
#[cfg(feature = "suite")]
pub mod suite;

pub use key::{Etag, Key, PageLimit};
pub use options::Options;

/// Calls the given macro with every block: `name => Trait`.
///
/// Rooms that hold one thing per block are written through this list, so that a block that is added
/// here does not compile until each of them has it.
#[macro_export]
macro_rules! each_block {
    ($callback:ident) => {
        $callback! {
            binding => Binding,
            config => Config,
            file => File,
            invoke => Invoke,
            lock => Lock,
            pubsub => PubSub,
            secret => Secrets,
            sequencer => Sequencer,
            state => State,
        }
    };
}
