//! A store of configuration behind a guest.

use async_trait::async_trait;
use ottavo_blocks::config::{Capability, Config, Item, Key, Pairs, Scope, Updates, Wanted};
use ottavo_core::{CallContext, Error, Kind, Result};

use crate::relay::encoding::{Read, Reader, Writer};
use crate::relay::{Relay, checked};

/// Calls a store by its name through the relay.
pub(crate) struct RelayConfig {
    pub(crate) relay: Relay,
}

#[async_trait]
impl Config for RelayConfig {
    /// None: functions hear of changes as events, and no case asks whether they are durable or shared.
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }

    async fn get(&self, cx: &CallContext, scope: &Scope, wanted: &Wanted) -> Result<Vec<Item>> {
        let mut call = self.relay.begin("config.get");
        write_scope(&mut call, scope);
        match wanted {
            Wanted::All => write_keys(&mut call, &[]),
            Wanted::Keys(keys) => write_keys(&mut call, keys),
        }
        self.relay.call(cx, call, |answer| answer.list(|answer| item(scope, answer))).await
    }

    async fn save(&self, cx: &CallContext, scope: &Scope, items: Vec<Item>) -> Result<()> {
        let mut call = self.relay.begin("config.save");
        call.string(scope.app_id.as_str());
        let items: Vec<_> = items.into_iter().map(|item| (scope, item)).collect();
        call.list(&items, write_item);
        self.relay.call(cx, call, |_| Ok(())).await
    }

    async fn delete(&self, cx: &CallContext, scope: &Scope, keys: &[Key]) -> Result<()> {
        let mut call = self.relay.begin("config.delete");
        write_scope(&mut call, scope);
        write_keys(&mut call, keys);
        self.relay.call(cx, call, |_| Ok(())).await
    }

    async fn subscribe(&self, _: &CallContext, _: &Scope, _: &Wanted) -> Result<Updates> {
        Err(Error::new(Kind::Unsupported, "functions hear of changes as events"))
    }
}

fn write_scope(call: &mut Writer, Scope { app_id, group, label }: &Scope) {
    call.string(app_id.as_str()).string(group.as_str()).string(label.as_str());
}

fn write_keys(call: &mut Writer, keys: &[Key]) {
    call.list(keys, |call, key| {
        call.string(key.as_str());
    });
}

fn write_item(call: &mut Writer, (scope, item): &(&Scope, Item)) {
    call.string(item.key.as_str()).string(&item.value).string(&item.version);
    call.string(scope.group.as_str()).string(scope.label.as_str());
    for pairs in [&item.tags, &item.metadata] {
        let pairs: Vec<_> = pairs.iter().collect();
        call.list(&pairs, |call, (name, value)| {
            call.string(name).string(value);
        });
    }
}

/// An item says where it is from.
fn item(scope: &Scope, answer: &mut Reader) -> Read<Item> {
    let key = checked(Key::parse(answer.string()?))?;
    let (value, version) = (answer.string()?, answer.string()?);
    let (group, label) = (answer.string()?, answer.string()?);
    if (group.as_str(), label.as_str()) != (scope.group.as_str(), scope.label.as_str()) {
        return Err(format!("an item of `{group}`, `{label}` came"));
    }
    Ok(Item { key, value, version, tags: pairs(answer)?, metadata: pairs(answer)? })
}

fn pairs(answer: &mut Reader) -> Read<Pairs> {
    let pairs = answer.list(|answer| Ok((answer.string()?, answer.string()?)))?;
    Ok(pairs.into_iter().collect())
}
