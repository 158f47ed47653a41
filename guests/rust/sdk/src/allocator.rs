//! The allocator for `wasm32-unknown-unknown`: it serves from the memory that a module starts with, and
//! grows memory only beyond it.
//!
//! Growing costs a fresh instance more than everything else together, and the allocator of `std`
//! begins with it. This one takes what lies between the module's data and the end of its memory; it
//! is the only one there, so it never falls back to that of `std`, which may come to do the same.

mod heap;
mod spans;
#[cfg(test)]
mod tests;
#[cfg(target_family = "wasm")]
mod wasm;
