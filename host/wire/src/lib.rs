//! Code generated from proto/, committed.
