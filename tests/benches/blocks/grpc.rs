//! The blocks' traits over the gRPC door, as the conformance suite has them.

pub(crate) use self::binding::GrpcBinding;
pub(crate) use self::config::GrpcConfig;
pub(crate) use self::file::grpc::GrpcFiles;
pub(crate) use self::invoke::grpc::GrpcInvoke;
pub(crate) use self::lock::GrpcLock;
pub(crate) use self::pubsub::grpc::GrpcPubSub;
pub(crate) use self::secret::GrpcSecrets;
pub(crate) use self::sequencer::GrpcSequencer;
pub(crate) use self::state::GrpcState;

#[path = "../../conformance/binding/grpc.rs"]
mod binding;
#[path = "../../conformance/config/grpc.rs"]
mod config;
mod file;
mod invoke;
#[path = "../../conformance/lock/grpc.rs"]
mod lock;
mod pubsub;
#[path = "../../conformance/secret/grpc.rs"]
mod secret;
#[path = "../../conformance/sequencer/grpc.rs"]
mod sequencer;
#[path = "../../conformance/state/grpc.rs"]
mod state;
