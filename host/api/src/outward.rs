//! What lies beyond the stores: the functions of this host, and HTTP to the outside. Both are built
//! after the rule book and are put in here before any listener opens.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::egress::Egress;
use ottavo_blocks::exchange::Response;
use ottavo_core::{CallContext, Error, FunctionName, Kind, Result};

/// Runs deployed functions for callers within this host.
#[async_trait]
pub trait Invoker: Send + Sync {
    /// Whether a function of this name is deployed.
    fn has(&self, function: &str) -> bool;

    /// Runs one request, whose target is a path with its query.
    ///
    /// # Behavior
    /// - The call goes on behalf of `cx`: its request id, its caller, its depth and its trace; it
    ///   ends by `cx.deadline` and by the function's own timeout.
    /// - Dropping the future stops the function.
    /// - What the function returns as an error comes as that error, with the detail `function`.
    async fn invoke(
        &self,
        cx: &CallContext,
        function: &FunctionName,
        request: http::Request<Bytes>,
    ) -> Result<Response>;
}

/// How to get there.
pub struct Outward {
    /// The functions. They hold the rule book, which must not hold them.
    pub functions: Weak<dyn Invoker>,
    /// HTTP to the outside.
    pub egress: Arc<dyn Egress>,
    /// How many calls by name may be within each other.
    pub max_depth: u32,
}

impl Outward {
    /// The functions, as long as the host runs.
    pub(crate) fn functions(&self) -> Result<Arc<dyn Invoker>> {
        let stopping = || Error::new(Kind::Unavailable, "the host is stopping");
        self.functions.upgrade().ok_or_else(stopping)
    }

    /// Fails when one more call within `cx` would be too deep.
    pub(crate) fn check_depth(&self, cx: &CallContext) -> Result<()> {
        let most = self.max_depth;
        if cx.depth < most {
            return Ok(());
        }
        let message = format!(
            "{most} calls are within each other already: call less deep, or raise \
             `engine.max_depth` in the host's configuration"
        );
        let error = Error::new(Kind::FailedPrecondition, message);
        Err(error.with_detail("depth", most.to_string()))
    }
}
