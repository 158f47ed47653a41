//! The HTTP trigger as clients meet it, honest ones and others, byte by byte where it matters.

mod answers;
mod ids;
mod limits;
pub(crate) mod raw;
mod slow;
mod smuggling;
