//! Locks and ids on the driver `local`: the behaviour suites, and what a crash leaves.

#[path = "../disk/mod.rs"]
mod disk;
mod lock;
mod sequencer;
