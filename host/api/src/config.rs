//! Configuration: a grant is for keys by their beginning, whatever their scope, and "all" means all
//! that it covers. A store's prefix stands before the keys of items.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use ottavo_blocks::config::{
    Config, Item, Key, MAX_ITEMS, Scope as Place, Update, Updates, Wanted,
};
use ottavo_core::{Error, KeyPrefix, Kind, Result};

use crate::prefix;
use crate::scope::Scope;

/// The most bytes of items in one answer: what passes every door.
const MAX_ANSWER: usize = (4 << 20) - (64 << 10);

/// The calls of one session on one store of configuration, as of [`Config`].
///
/// More than [`MAX_ITEMS`] items or keys in one call are `too-large`.
pub struct ConfigCalls<'a>(pub(crate) Scope<'a, dyn Config>);

impl ConfigCalls<'_> {
    /// As [`Config::get`]. Without keys, all that the grant covers.
    pub async fn get(&self, place: Place, keys: Vec<Key>) -> Result<Vec<Item>> {
        let scope = &self.0;
        scope
            .run("get", async {
                let wanted = self.wanted(keys)?;
                let found = scope.live().get(&scope.session.cx, &place, &wanted).await?;
                let mine = self.mine();
                let found: Vec<_> = found.into_iter().filter_map(|item| mine.item(item)).collect();
                let size: usize = found.iter().map(Item::size).sum();
                if size > MAX_ANSWER {
                    let message = format!(
                        "the items have {size} bytes, over {MAX_ANSWER}: ask for fewer keys"
                    );
                    let error = Error::new(Kind::TooLarge, message);
                    return Err(error.with_detail("limit", MAX_ANSWER.to_string()));
                }
                Ok(found)
            })
            .await
    }

    /// As [`Config::save`], scope by scope.
    pub async fn save(&self, items: Vec<(Place, Item)>) -> Result<()> {
        let scope = &self.0;
        scope
            .run("save", async {
                check_count(items.len())?;
                let mut places: BTreeMap<Place, Vec<Item>> = BTreeMap::new();
                for (place, item) in items {
                    scope.allow(item.key.as_str())?;
                    let item = Item { key: scope.hold(item.key), ..item };
                    places.entry(place).or_default().push(item);
                }
                for (place, items) in places {
                    scope.live().save(&scope.session.cx, &place, items).await?;
                }
                Ok(())
            })
            .await
    }

    /// As [`Config::delete`].
    pub async fn delete(&self, place: Place, keys: Vec<Key>) -> Result<()> {
        let scope = &self.0;
        scope
            .run("delete", async {
                match self.wanted(keys)? {
                    Wanted::All => Err(Error::invalid("there are no keys: name one or more")),
                    Wanted::Keys(keys) => {
                        scope.live().delete(&scope.session.cx, &place, &keys).await
                    }
                }
            })
            .await
    }

    /// As [`Config::subscribe`]. The deadline of the session bounds the time until there are updates;
    /// they go on without one.
    pub async fn subscribe(&self, place: Place, keys: Vec<Key>) -> Result<Updates> {
        let scope = &self.0;
        let updates = scope
            .run("subscribe", async {
                let wanted = self.wanted(keys)?;
                scope.live().subscribe(&scope.session.cx, &place, &wanted).await
            })
            .await?;
        let mut mine = self.mine();
        let updates = updates.filter_map(move |update| {
            let update = match update {
                Ok(update) => mine.update(update).map(Ok),
                Err(error) => Some(Err(mine.error(error))),
            };
            async move { update }
        });
        Ok(updates.boxed())
    }

    fn wanted(&self, keys: Vec<Key>) -> Result<Wanted> {
        check_count(keys.len())?;
        if keys.is_empty() {
            return Ok(Wanted::All);
        }
        for key in &keys {
            self.0.allow(key.as_str())?;
        }
        Ok(Wanted::Keys(keys.into_iter().map(|key| self.0.hold(key)).collect()))
    }

    fn mine(&self) -> Mine {
        let (grant, prefix) = (self.0.grant().clone(), self.0.prefix().clone());
        Mine { grant, prefix, store: self.0.name().to_string(), first: true }
    }
}

fn check_count(count: usize) -> Result<()> {
    if count <= MAX_ITEMS {
        return Ok(());
    }
    let message = format!("{count} items in one call: use up to {MAX_ITEMS}");
    Err(Error::new(Kind::TooLarge, message))
}

/// What of a store the caller may see, in its own words.
struct Mine {
    grant: crate::grants::KeyGrant,
    prefix: KeyPrefix,
    store: String,
    /// Whether no update was told yet.
    first: bool,
}

impl Mine {
    fn key(&self, key: Key) -> Option<Key> {
        key.without(&self.prefix).filter(|key| self.grant.covers(key.as_str()))
    }

    fn item(&self, item: Item) -> Option<Item> {
        let key = self.key(item.key)?;
        Some(Item { key, ..item })
    }

    /// None when nothing of it is the caller's; the first one says that, too.
    fn update(&mut self, update: Update) -> Option<Update> {
        let own = Update {
            items: update.items.into_iter().filter_map(|item| self.item(item)).collect(),
            deleted: update.deleted.into_iter().filter_map(|key| self.key(key)).collect(),
        };
        let first = std::mem::take(&mut self.first);
        (first || own != Update::default()).then_some(own)
    }

    fn error(&self, error: Error) -> Error {
        prefix::own(&self.prefix, error).context(format!("config.subscribe on `{}`", self.store))
    }
}
