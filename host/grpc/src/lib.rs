//! The gRPC door: one file per block.
