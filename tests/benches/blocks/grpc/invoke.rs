//! Apps behind the gRPC door, and the one name of the suite that this file needs.

#[path = "../../../conformance/invoke/grpc.rs"]
pub(crate) mod grpc;

mod relay {
    use ottavo_blocks::invoke::AppId;

    pub(crate) type Naming = Box<dyn Fn(&AppId) -> String + Send + Sync>;
}
