//! The versions of a function: kept, switched, split, collected, and safe from whatever happens.

mod function;
mod interrupted;
mod kept;
mod rollback;
mod split;
mod swaps;
