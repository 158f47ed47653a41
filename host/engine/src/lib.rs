//! wasmtime and nothing else: how components are compiled and kept, how instances are allocated,
//! and the bounds of a call.
//!
//! - [`compile`]: makes native code of a component, in a process of its own.
//! - [`Engine`]: one per host. Keeps compiled artifacts on disk, allocates instances
//!   from a pool, and ticks the clock by which busy guests are interrupted.
//! - [`store`]: a wasmtime store for one call, whose data carries the [`Meters`] that bound it.
//! - [`Engine::drive`]: a call that computes for long goes on away from the threads that answer others.
//! - [`call`]: runs a guest within its limits and tells what stopped it, as a [`Fault`].
//!
//! Absent: any block, any interface. What guests import is the business of the rooms above, which
//! fill a `wasmtime::component::Linker` of their own.

mod artifacts;
mod call;
mod choice;
mod clock;
mod compile;
mod engine;
mod fault;
mod guest;
mod headroom;
mod lane;
mod memory;
mod pool;
mod ticker;
mod total;

#[cfg(test)]
mod tests;

pub use artifacts::Draft;
pub use call::call;
pub use choice::Choice;
pub use clock::CpuClock;
pub use compile::compile;
pub use engine::{Compiler, Config, Engine, Target, has_pagemap_scan};
pub use fault::{Exit, Fault};
pub use guest::{Metered, Meters, store};
pub use headroom::Headroom;
pub use lane::{Begin, Driven};
