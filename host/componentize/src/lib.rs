//! Core modules become components; a .wasm is explained by its imports and exports.
