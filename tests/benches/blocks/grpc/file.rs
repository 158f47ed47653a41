//! Two files that know each other by these names.

#[path = "../../../conformance/file/grpc.rs"]
pub(crate) mod grpc;
#[path = "../../../conformance/file/grpc_writer.rs"]
mod grpc_writer;
