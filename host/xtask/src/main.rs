//! The developer's entry: setup, demo, test, gen, tidy.
fn main() {}
