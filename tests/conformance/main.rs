//! conformance tests against the real binary.
