//! Configuration items in named stores.
//!
//! ```no_run
//! use ottavo_sdk::config::{Item, Scope, Store};
//!
//! let store = Store::open("default");
//! let shop = Scope::of("shop").group("checkout");
//! store.save("shop", &[Item::new("limit", "5").group("checkout").tag("team", "payments")])?;
//! if let Some(limit) = store.get(&shop, "limit")? {
//!     println!("{} in version {}", limit.value, limit.version);
//! }
//! for item in store.all(&shop)? {
//!     println!("{} = {}", item.key, item.value);
//! }
//! store.delete(&shop, &["limit"])?;
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;

use crate::Result;
use crate::bindings::ottavo::runtime::config as wit;

/// One named store. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Store {
    name: Cow<'static, str>,
}

/// Where to look. What is empty is `default`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope<'a> {
    app_id: &'a str,
    group: &'a str,
    label: &'a str,
}

impl<'a> Scope<'a> {
    /// What an app has in the group and under the label `default`.
    pub fn of(app_id: &'a str) -> Scope<'a> {
        Scope { app_id, ..Scope::default() }
    }

    /// In this group.
    #[must_use]
    pub fn group(self, group: &'a str) -> Scope<'a> {
        Scope { group, ..self }
    }

    /// Under this label.
    #[must_use]
    pub fn label(self, label: &'a str) -> Scope<'a> {
        Scope { label, ..self }
    }

    fn lower(&self) -> wit::Scope<'a> {
        wit::Scope { app_id: self.app_id, group: self.group, label: self.label }
    }
}

/// One configuration item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub key: String,
    /// What it says.
    pub value: String,
    /// Changes with each change; only compared, and ignored by `save`.
    pub version: String,
    /// Empty: `default`.
    pub group: String,
    /// Empty: `default`.
    pub label: String,
    /// For people and programs that choose among items. A name stands once.
    pub tags: Vec<(String, String)>,
    /// Whatever travels with it. A name stands once.
    pub metadata: Vec<(String, String)>,
}

impl Item {
    /// An item to be saved.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Item {
        Item { key: key.into(), value: value.into(), ..Item::default() }
    }

    /// In this group.
    #[must_use]
    pub fn group(self, group: impl Into<String>) -> Item {
        Item { group: group.into(), ..self }
    }

    /// Under this label.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Item {
        Item { label: label.into(), ..self }
    }

    /// With this tag, too.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Item {
        self.tags.push((name.into(), value.into()));
        self
    }

    /// With this metadata, too.
    #[must_use]
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Item {
        self.metadata.push((name.into(), value.into()));
        self
    }
}

impl From<wit::ItemResult> for Item {
    fn from(found: wit::ItemResult) -> Item {
        let wit::ItemResult { key, value, version, group, label, tags, metadata } = found;
        Item { key, value, version, group, label, tags, metadata }
    }
}

impl Store {
    /// The store of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Store {
        Store { name: name.into() }
    }

    /// One item, or none when it is missing.
    pub fn get(&self, scope: &Scope<'_>, key: &str) -> Result<Option<Item>> {
        Ok(self.get_many(scope, &[key])?.pop())
    }

    /// The items of the keys that exist, in the order asked. No keys are [`Store::all`].
    pub fn get_many(&self, scope: &Scope<'_>, keys: &[&str]) -> Result<Vec<Item>> {
        let found = wit::get(&self.name, scope.lower(), keys)?;
        Ok(found.into_iter().map(Item::from).collect())
    }

    /// Every item of the scope that the manifest asks for, in the order of their keys.
    pub fn all(&self, scope: &Scope<'_>) -> Result<Vec<Item>> {
        self.get_many(scope, &[])
    }

    /// Writes items of an app, new or not. Those of one group and label are written together or not
    /// at all.
    pub fn save(&self, app_id: &str, items: &[Item]) -> Result<()> {
        let pairs: Vec<_> =
            items.iter().map(|item| (borrowed(&item.tags), borrowed(&item.metadata))).collect();
        let items: Vec<_> = items
            .iter()
            .zip(&pairs)
            .map(|(item, (tags, metadata))| wit::ItemParam {
                key: &item.key,
                value: &item.value,
                version: &item.version,
                group: &item.group,
                label: &item.label,
                tags,
                metadata,
            })
            .collect();
        Ok(wit::save(&self.name, app_id, &items)?)
    }

    /// Deletes keys, all or none; one that is missing is fine. At least one key.
    pub fn delete(&self, scope: &Scope<'_>, keys: &[&str]) -> Result<()> {
        Ok(wit::delete(&self.name, scope.lower(), keys)?)
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_carries_everything_it_was_given() {
        let item = Item::new("k", "v").group("g").label("l").tag("a", "b").metadata("c", "d");
        assert_eq!((item.group.as_str(), item.label.as_str()), ("g", "l"));
        assert_eq!(borrowed(&item.tags), [("a", "b")]);
        assert_eq!(borrowed(&item.metadata), [("c", "d")]);
        let scope = Scope::of("shop").group("g").label("l").lower();
        assert_eq!((scope.app_id, scope.group, scope.label), ("shop", "g", "l"));
    }
}
