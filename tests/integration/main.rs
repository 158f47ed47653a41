//! integration tests against the real binary.
