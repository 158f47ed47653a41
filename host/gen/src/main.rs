//! Generators with heavy dependencies: gRPC code and guest bindings.
fn main() {}
