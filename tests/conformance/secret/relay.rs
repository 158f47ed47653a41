//! A store of secrets behind a guest.

use async_trait::async_trait;
use ottavo_blocks::secret::{Bundle, Capability, Key, Secrets};
use ottavo_core::{CallContext, Result, Secret};

use crate::relay::encoding::{Read, Reader};
use crate::relay::{Relay, checked};

/// Calls a store by its name through the relay.
pub(crate) struct RelaySecrets {
    pub(crate) relay: Relay,
    /// Those of the store's driver: a guest does not see them.
    pub(crate) capabilities: &'static [Capability],
}

#[async_trait]
impl Secrets for RelaySecrets {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn get(
        &self,
        cx: &CallContext,
        name: &Key,
        version: Option<&str>,
    ) -> Result<Option<Bundle>> {
        let mut call = self.relay.begin("secret.get");
        call.string(name.as_str());
        match version {
            Some(version) => call.u8(1).string(version),
            None => call.u8(0),
        };
        self.relay.call(cx, call, |answer| answer.option(bundle)).await
    }

    async fn get_bulk(&self, cx: &CallContext) -> Result<Vec<(Key, Bundle)>> {
        let call = self.relay.begin("secret.get-bulk");
        let named =
            |answer: &mut Reader| Ok((checked(Key::parse(answer.string()?))?, bundle(answer)?));
        self.relay.call(cx, call, |answer| answer.list(named)).await
    }
}

fn bundle(answer: &mut Reader) -> Read<Bundle> {
    let version = answer.option(Reader::string)?;
    let value = |answer: &mut Reader| Ok((answer.string()?, Secret::new(answer.bytes()?)));
    Ok(Bundle { version, values: answer.list(value)? })
}
