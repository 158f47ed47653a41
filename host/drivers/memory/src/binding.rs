//! A binding that leads nowhere: `create` comes back as it was sent, for tests of what calls it.

use async_trait::async_trait;
use bytes::Bytes;
use ottavo_blocks::binding::{Binding, Capability, Metadata, Operation, Response, check};
use ottavo_core::{CallContext, Result};

/// One binding.
pub(crate) struct MemoryBinding;

const OPERATIONS: [&str; 1] = ["create"];

#[async_trait]
impl Binding for MemoryBinding {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Echo]
    }

    async fn invoke(
        &self,
        _: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response> {
        if !OPERATIONS.contains(&operation.as_str()) {
            return Err(operation.unknown(&OPERATIONS));
        }
        check("data", &data, metadata)?;
        Ok(Response { data, metadata: metadata.clone() })
    }
}
