//! `ottavo:runtime/config`: configuration items in named stores.

use ottavo_blocks::config::{self as block, Key};
use ottavo_core::Result;

use crate::Call;
use crate::answer::{Answer, block};
use crate::bindings::ottavo::runtime::config::{Host, Item, Scope};

impl Host for Call {
    async fn get(&mut self, store: String, scope: Scope, keys: Vec<String>) -> Answer<Vec<Item>> {
        let (clock, session) = self.door();
        block(clock, async {
            let (scope, keys) = (parse_scope(scope)?, parse_keys(keys)?);
            let found = session.config(&store)?.get(scope.clone(), keys).await?;
            Ok(found.into_iter().map(|found| item(&scope, found)).collect())
        })
        .await
    }

    async fn save(&mut self, store: String, app_id: String, items: Vec<Item>) -> Answer<()> {
        let (clock, session) = self.door();
        block(clock, async {
            let items = items.into_iter().map(|item| parse_item(&app_id, item));
            let items = items.collect::<Result<_>>()?;
            session.config(&store)?.save(items).await
        })
        .await
    }

    async fn delete(&mut self, store: String, scope: Scope, keys: Vec<String>) -> Answer<()> {
        let (clock, session) = self.door();
        block(clock, async {
            let (scope, keys) = (parse_scope(scope)?, parse_keys(keys)?);
            session.config(&store)?.delete(scope, keys).await
        })
        .await
    }
}

fn parse_scope(Scope { app_id, group, label }: Scope) -> Result<block::Scope> {
    block::Scope::parse(app_id, group, label)
}

fn parse_keys(keys: Vec<String>) -> Result<Vec<Key>> {
    keys.into_iter().map(Key::parse).collect()
}

fn parse_item(app_id: &str, item: Item) -> Result<(block::Scope, block::Item)> {
    let Item { key, value, version, group, label, tags, metadata } = item;
    let scope = block::Scope::parse(app_id, group, label)?;
    let (tags, metadata) = (block::pairs("tag", tags)?, block::pairs("metadata", metadata)?);
    Ok((scope, block::Item { key: Key::parse(key)?, value, version, tags, metadata }))
}

fn item(scope: &block::Scope, found: block::Item) -> Item {
    let block::Item { key, value, version, tags, metadata } = found;
    Item {
        key: key.into_string(),
        value,
        version,
        group: scope.group.to_string(),
        label: scope.label.to_string(),
        tags: tags.into_iter().collect(),
        metadata: metadata.into_iter().collect(),
    }
}
