//! function.toml as types: what a function needs and where it is reached.
