//! A store of configuration behind the gRPC door.

use async_trait::async_trait;
use futures_util::StreamExt as _;
use ottavo_blocks::config::{Capability, Config, Item, Key, Pairs, Scope, Update, Updates, Wanted};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::config_client::ConfigClient;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

/// Calls a store by its name at a host.
pub(crate) struct GrpcConfig {
    client: ConfigClient<Channel>,
    store: String,
    capabilities: &'static [Capability],
}

impl GrpcConfig {
    /// `capabilities` are those of the store's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        store: &str,
        capabilities: &'static [Capability],
    ) -> GrpcConfig {
        GrpcConfig { client: ConfigClient::new(channel), store: store.to_owned(), capabilities }
    }
}

/// Makes one call; the client is cheap to clone.
macro_rules! call {
    ($self:ident.$method:ident($cx:ident, $message:expr)) => {{
        let mut request = tonic::Request::new($message);
        request.set_timeout($cx.remaining());
        let answer = $self.client.clone().$method(request).await;
        answer.map_err(|status| from_status(&status))?.into_inner()
    }};
}

#[async_trait]
impl Config for GrpcConfig {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn get(&self, cx: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Vec<Item>> {
        let (store, keys) = (self.store.clone(), keys(wanted));
        let message = ConfigGetRequest { store, scope: Some(send_scope(scope)), keys };
        let items = call!(self.get(cx, message)).items;
        items.into_iter().map(|sent| item(scope, sent)).collect()
    }

    async fn save(&self, cx: &CallContext, scope: &Scope, items: Vec<Item>) -> Result<()> {
        let (store, app_id) = (self.store.clone(), scope.app_id.to_string());
        let items = items.into_iter().map(|item| send_item(scope, item)).collect();
        let ConfigSaveResponse {} =
            call!(self.save(cx, ConfigSaveRequest { store, app_id, items }));
        Ok(())
    }

    async fn delete(&self, cx: &CallContext, scope: &Scope, keys: &[Key]) -> Result<()> {
        let keys = keys.iter().map(Key::to_string).collect();
        let (store, scope) = (self.store.clone(), Some(send_scope(scope)));
        let ConfigDeleteResponse {} =
            call!(self.delete(cx, ConfigDeleteRequest { store, scope, keys }));
        Ok(())
    }

    async fn subscribe(&self, cx: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Updates> {
        let (store, keys, scope) = (self.store.clone(), keys(wanted), scope.clone());
        let message = ConfigSubscribeRequest { store, scope: Some(send_scope(&scope)), keys };
        let updates = call!(self.subscribe(cx, message));
        let update = move |sent: Result<ConfigUpdate, tonic::Status>| {
            let ConfigUpdate { items, deleted } = sent.map_err(|status| from_status(&status))?;
            Ok(Update {
                items: items.into_iter().map(|sent| item(&scope, sent)).collect::<Result<_>>()?,
                deleted: deleted.into_iter().map(Key::parse).collect::<Result<_>>()?,
            })
        };
        Ok(updates.map(update).boxed())
    }
}

fn keys(wanted: &Wanted) -> Vec<String> {
    match wanted {
        Wanted::All => Vec::new(),
        Wanted::Keys(keys) => keys.iter().map(Key::to_string).collect(),
    }
}

fn send_scope(scope: &Scope) -> ConfigScope {
    let Scope { app_id, group, label } = scope.clone();
    ConfigScope {
        app_id: app_id.into_string(),
        group: group.into_string(),
        label: label.into_string(),
    }
}

fn send_item(scope: &Scope, item: Item) -> ConfigItem {
    let Item { key, value, version, tags, metadata } = item;
    let send = |pairs: Pairs| pairs.into_iter().map(|(name, value)| Pair { name, value }).collect();
    ConfigItem {
        key: key.into_string(),
        value,
        version,
        group: scope.group.to_string(),
        label: scope.label.to_string(),
        tags: send(tags),
        metadata: send(metadata),
    }
}

/// An item says where it is from.
fn item(scope: &Scope, sent: ConfigItem) -> Result<Item> {
    let ConfigItem { key, value, version, group, label, tags, metadata } = sent;
    if (group.as_str(), label.as_str()) != (scope.group.as_str(), scope.label.as_str()) {
        return Err(Error::internal(format!("an item of `{group}`, `{label}` came")));
    }
    let read =
        |pairs: Vec<Pair>| pairs.into_iter().map(|Pair { name, value }| (name, value)).collect();
    Ok(Item { key: Key::parse(key)?, value, version, tags: read(tags), metadata: read(metadata) })
}
