//! What is accepted, what is refused and with which words, and that nothing panics.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod component;
mod explain;
mod hostile;
mod programs;
mod surface;
