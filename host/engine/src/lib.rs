//! wasmtime and nothing else: compile, artifact cache, pool, clocks, limits, traps.
