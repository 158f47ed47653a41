//! The driver `redis` on real servers: the behaviour suites, and what is redis's own.
//!
//! Every test starts servers of its own, found on the PATH.

mod behaviour;
mod config;
mod faults;
mod layout;
mod lock;
mod open;
mod options;
mod pubsub;
mod reach;
mod sequencer;
