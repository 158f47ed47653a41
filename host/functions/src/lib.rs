//! Deployed functions: their versions, where they are reached, and how a request or an event runs in
//! one.
//!
//! The triggers see `http` types and the types of this room; wasmtime never appears in them.
//! Every call gets a fresh instance, or one that is kept where the manifest says so, within the limits
//! of its function, and what it did wrong comes back as a [`Failure`] that is ready for an answer.
//!
//! - A request reads one snapshot of the table; a deploy replaces the snapshot. Nothing on the way of
//!   a request waits for a lock.
//! - A deploy is acknowledged when its artifact and the catalogue that names it are on disk.
//! - What was uploaded is parsed and compiled in a process of its own, never in the host's (`compilers`).
//! - A version that is replaced lives until its last request is answered, and is kept on disk.
//! - Code is in memory for as long as it is called, and once for all versions that run it (`wake`).
//! - Bodies are whole, but for components of `wasi:http`: theirs stream, and a guest that goes on after
//!   the head of its answer does so in a task that the answer's body ends (`serve`).
//! - Events come as requests do: `delivery` takes them from the stores, and calls by the same way.

mod admission;
mod answering;
mod artifacts;
mod call;
mod catalogue;
mod code;
mod collect;
mod compile;
mod compilers;
mod delete;
mod delivery;
mod deploy;
mod describe;
mod durable;
mod engines;
mod exchange;
mod failure;
mod functions;
mod habit;
mod info;
mod invoke;
mod kept;
mod line;
mod lineage;
mod load;
mod origin;
mod policy;
mod prepare;
mod request;
mod routes;
mod running;
mod serve;
mod signatures;
mod slot;
mod smoke;
mod streamed;
mod table;
mod traffic;
mod upload;
mod version;
mod versions;
mod wake;
mod widening;

pub use compile::compile;
pub use compilers::Compiling;
pub use failure::Failure;
pub use functions::{Config, Functions};
pub use info::{
    Candidate, Change, Changed, Deleted, Deployed, Described, Info, KeptVersion, Versions,
};
pub use policy::Policy;
pub use request::{Client, Request, Response};
pub use routes::{Match, Miss, RouteTable};
pub use running::StillRunning;
pub use signatures::Keys;
pub use streamed::{Broken, Streamed};
pub use table::{Routed, Target};
pub use upload::Upload;
