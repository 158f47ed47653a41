//! Two files that know each other by these names.

#[path = "../../../conformance/pubsub/grpc.rs"]
pub(crate) mod grpc;
#[path = "../../../conformance/pubsub/subscriber.rs"]
mod subscriber;
