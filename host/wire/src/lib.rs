//! The gRPC messages and services, generated from `proto/` and committed, and how the host's error
//! looks in them.
//!
//! `v1` and [`DESCRIPTORS`] are written by the generator (`host/gen/src/proto.rs`) and by nobody else. Absent: any
//! block; who turns messages into a block's types is the door.

mod error;
mod kind;
mod secret;
mod status;

pub use status::{from_status, to_status};

/// The definitions of `proto/` with their comments: an encoded `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!("gen/descriptors.bin");

/// The package `ottavo.runtime.v1`.
#[expect(
    clippy::allow_attributes_without_reason,
    reason = "generated code switches lints off in its own way"
)]
pub mod v1 {
    // included, not a module of its own file, so that the formatter leaves it as it was generated
    include!("gen/ottavo.runtime.v1.rs");
}
