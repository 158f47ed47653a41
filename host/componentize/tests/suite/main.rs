//! What is accepted, what is refused and with which words, and that nothing panics.

mod component;
mod explain;
mod hostile;
mod programs;
