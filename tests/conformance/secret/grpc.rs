//! A store of secrets behind the gRPC door.

use async_trait::async_trait;
use ottavo_blocks::secret::{Bundle, Capability, Key, Secrets};
use ottavo_core::{CallContext, Result, Secret};
use ottavo_wire::from_status;
use ottavo_wire::v1::secret_client::SecretClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

/// Calls a store by its name at a host.
pub(crate) struct GrpcSecrets {
    client: SecretClient<Channel>,
    store: String,
    capabilities: &'static [Capability],
}

impl GrpcSecrets {
    /// `capabilities` are those of the store's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        store: &str,
        capabilities: &'static [Capability],
    ) -> GrpcSecrets {
        GrpcSecrets { client: SecretClient::new(channel), store: store.to_owned(), capabilities }
    }
}

#[async_trait]
impl Secrets for GrpcSecrets {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn get(
        &self,
        cx: &CallContext,
        name: &Key,
        version: Option<&str>,
    ) -> Result<Option<Bundle>> {
        let (store, name) = (self.store.clone(), name.to_string());
        let message = SecretGetRequest { store, name, version: version.map(str::to_owned) };
        let mut request = tonic::Request::new(message);
        request.set_timeout(cx.remaining());
        let answer = self.client.clone().get(request).await;
        let answer = answer.map_err(|status| from_status(&status))?.into_inner();
        Ok(answer.bundle.map(bundle))
    }

    async fn get_bulk(&self, cx: &CallContext) -> Result<Vec<(Key, Bundle)>> {
        let mut request = tonic::Request::new(SecretGetBulkRequest { store: self.store.clone() });
        request.set_timeout(cx.remaining());
        let answer = self.client.clone().get_bulk(request).await;
        let answer = answer.map_err(|status| from_status(&status))?.into_inner();
        let named = |SecretNamed { name, bundle: found }| {
            Ok((Key::parse(name)?, bundle(found.unwrap_or_default())))
        };
        answer.secrets.into_iter().map(named).collect()
    }
}

fn bundle(found: SecretBundle) -> Bundle {
    let value = |SecretValue { name, data }| (name, Secret::new(data));
    Bundle { version: found.version, values: found.values.into_iter().map(value).collect() }
}
