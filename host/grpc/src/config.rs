//! The service `Config`, as `ottavo_blocks::config::Config`.

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use ottavo_api::Session;
use ottavo_blocks::config::{Item, Key, Pairs, Scope, Update, pairs};
use ottavo_core::Result;
use ottavo_wire::v1::config_server::Config;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status};

use crate::door::Door;

/// Answers the calls of the service.
pub(crate) struct ConfigService(pub(crate) Door);

async fn get(session: Session, message: ConfigGetRequest) -> Result<ConfigGetResponse> {
    let (scope, keys) = (parse_scope(message.scope)?, parse_keys(message.keys)?);
    let found = session.config(&message.store)?.get(scope.clone(), keys).await?;
    Ok(ConfigGetResponse { items: found.into_iter().map(|found| item(&scope, found)).collect() })
}

async fn save(session: Session, message: ConfigSaveRequest) -> Result<ConfigSaveResponse> {
    let items = message.items.into_iter().map(|item| parse_item(&message.app_id, item));
    let items = items.collect::<Result<_>>()?;
    session.config(&message.store)?.save(items).await?;
    Ok(ConfigSaveResponse {})
}

async fn delete(session: Session, message: ConfigDeleteRequest) -> Result<ConfigDeleteResponse> {
    let (scope, keys) = (parse_scope(message.scope)?, parse_keys(message.keys)?);
    session.config(&message.store)?.delete(scope, keys).await?;
    Ok(ConfigDeleteResponse {})
}

async fn subscribe(
    session: Session,
    message: ConfigSubscribeRequest,
) -> Result<BoxStream<'static, Result<ConfigUpdate>>> {
    let (scope, keys) = (parse_scope(message.scope)?, parse_keys(message.keys)?);
    let updates = session.config(&message.store)?.subscribe(scope.clone(), keys).await?;
    Ok(updates.map(move |told| told.map(|told| update(&scope, told))).boxed())
}

fn parse_scope(sent: Option<ConfigScope>) -> Result<Scope> {
    let ConfigScope { app_id, group, label } = sent.unwrap_or_default();
    Scope::parse(app_id, group, label)
}

fn parse_keys(keys: Vec<String>) -> Result<Vec<Key>> {
    keys.into_iter().map(Key::parse).collect()
}

fn parse_item(app_id: &str, sent: ConfigItem) -> Result<(Scope, Item)> {
    let ConfigItem { key, value, version, group, label, tags, metadata } = sent;
    let scope = Scope::parse(app_id, group, label)?;
    let (tags, metadata) = (parse_pairs("tag", tags)?, parse_pairs("metadata", metadata)?);
    Ok((scope, Item { key: Key::parse(key)?, value, version, tags, metadata }))
}

fn parse_pairs(what: &str, sent: Vec<Pair>) -> Result<Pairs> {
    pairs(what, sent.into_iter().map(|Pair { name, value }| (name, value)).collect())
}

fn item(scope: &Scope, found: Item) -> ConfigItem {
    let Item { key, value, version, tags, metadata } = found;
    let send = |found: Pairs| found.into_iter().map(|(name, value)| Pair { name, value }).collect();
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

fn update(scope: &Scope, told: Update) -> ConfigUpdate {
    ConfigUpdate {
        items: told.items.into_iter().map(|found| item(scope, found)).collect(),
        deleted: told.deleted.into_iter().map(Key::into_string).collect(),
    }
}

#[async_trait]
impl Config for ConfigService {
    type SubscribeStream = BoxStream<'static, Result<ConfigUpdate, Status>>;

    async fn get(
        &self,
        request: Request<ConfigGetRequest>,
    ) -> Result<Response<ConfigGetResponse>, Status> {
        self.0.call(request, get).await
    }

    async fn save(
        &self,
        request: Request<ConfigSaveRequest>,
    ) -> Result<Response<ConfigSaveResponse>, Status> {
        self.0.call(request, save).await
    }

    async fn delete(
        &self,
        request: Request<ConfigDeleteRequest>,
    ) -> Result<Response<ConfigDeleteResponse>, Status> {
        self.0.call(request, delete).await
    }

    async fn subscribe(
        &self,
        request: Request<ConfigSubscribeRequest>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        self.0.stream(request, subscribe).await
    }
}
