//! The driver `redis` on real servers: the behaviour suite of state, and what is redis's own.
//!
//! Every test starts servers of its own, found on the PATH.

mod behaviour;
mod faults;
mod layout;
mod open;
mod options;
mod reach;
