//! What operators and the CLI talk to: the deploy API on a unix socket, and the actuator on a port
//! of its own.
//!
//! Both speak HTTP/1.1 and JSON. The deploy API changes what runs, and whoever can open its socket
//! (0600) is the operator. The actuator only tells, on a thread and a runtime of its own, so that it
//! answers while every worker is busy.
//!
//! Absent: authentication by token, and any decision about functions: those are made in
//! `ottavo_functions`.

pub mod actuator;
pub mod deploy;
mod reply;
mod serve;

pub use actuator::{Health, State, Trouble};
