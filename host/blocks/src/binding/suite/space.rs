//! The binding of a case, with the call that cases make.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Result};

use super::{Binding, Capability, Harness};
use crate::binding::{Inputs, Metadata, Operation, Response};

/// The whole binding: it keeps nothing.
pub(crate) struct Space {
    store: Arc<dyn Binding>,
    /// Of this run of this case alone.
    name: String,
}

impl crate::suite::Space for Space {
    type Store = dyn Binding;
    type Capability = Capability;

    fn claimed(store: &dyn Binding) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(name: &str, harness: &Harness) -> Space {
        let name = format!("{name} {}", new_request_id());
        Space { store: Arc::clone(&harness.store), name }
    }
}

impl Space {
    pub(super) async fn invoke(
        &self,
        operation: &str,
        data: impl Into<Bytes>,
        metadata: &[(&str, &str)],
    ) -> Result<Response> {
        let operation = Operation::parse(operation).expect("cases use valid operations");
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let metadata = Metadata::parse(metadata.iter().map(pair).collect());
        let metadata = metadata.expect("cases use valid names");
        self.store.invoke(&cx(), &operation, data.into(), &metadata).await
    }

    pub(super) async fn subscribe(&self) -> Result<Inputs> {
        self.store.subscribe(&cx()).await
    }

    pub(super) fn claims(&self, capability: Capability) -> bool {
        self.store.capabilities().contains(&capability)
    }

    /// Data that no other case sends.
    pub(super) fn word(&self, word: &str) -> String {
        format!("{} {word}", self.name)
    }
}

fn cx() -> CallContext {
    CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
}
