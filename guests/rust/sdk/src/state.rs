//! Key-value state in named stores.
//!
//! ```no_run
//! use std::time::Duration;
//! use ottavo_sdk::state::{Entry, Store, Transaction};
//!
//! let store = Store::open("default");
//! store.set("book1", "100")?;
//! if let Some(value) = store.get("book1")? {
//!     // only while nobody else wrote in between; else the error's kind is `conflict`
//!     store.set_with(&Entry::new("book1", "99").if_match(value.etag()))?;
//! }
//! store.set_with(&Entry::new("session", "abc").if_absent().expires_in(Duration::from_secs(60)))?;
//! let sold = store.increment("sold", 1)?;
//! store.transact(&Transaction::new().upsert(Entry::new("last", "book1")).remove("session"))?;
//! for key in store.list_keys("book") {
//!     println!("{}", key?);
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;

use crate::Result;
use crate::bindings::ottavo::runtime::state as wit;

mod entry;
mod keys;
mod transaction;
mod value;

pub use entry::{Entry, Expiry, Removal};
pub use keys::{KeyPage, Keys};
pub use transaction::Transaction;
pub use value::Value;

/// Pairs that steer a driver (`consistency` = `strong` or `eventual` is known to every one).
pub type Options<'a> = &'a [(&'a str, &'a str)];

/// One named store. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Store {
    name: Cow<'static, str>,
}

impl Store {
    /// The store of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Store {
        Store { name: name.into() }
    }

    /// The value of a key, or none when it is missing or expired.
    pub fn get(&self, key: &str) -> Result<Option<Value>> {
        self.get_with(key, &[])
    }

    /// The same, with options.
    pub fn get_with(&self, key: &str, options: Options<'_>) -> Result<Option<Value>> {
        Ok(wit::get(&self.name, key, options)?.map(Value::from))
    }

    /// The value of a key, read as JSON.
    ///
    /// # Errors
    /// `data-loss` when the value is not JSON of this type.
    #[cfg(feature = "json")]
    pub fn get_json<T: serde::de::DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        self.get(key)?.map(|value| value.json().map_err(|error| error.context(key))).transpose()
    }

    /// Several values in the order asked, each with its own outcome.
    pub fn get_many(&self, keys: &[&str]) -> Result<Vec<Result<Option<Value>>>> {
        self.get_many_with(keys, &[])
    }

    /// The same, with options.
    pub fn get_many_with(
        &self,
        keys: &[&str],
        options: Options<'_>,
    ) -> Result<Vec<Result<Option<Value>>>> {
        let outcomes = wit::get_many(&self.name, keys, options)?;
        Ok(outcomes.into_iter().map(|outcome| Ok(outcome?.map(Value::from))).collect())
    }

    /// Writes a key whatever is there, keeps its expiry, and returns the new etag.
    pub fn set(&self, key: &str, data: impl AsRef<[u8]>) -> Result<String> {
        self.set_with(&Entry::new(key, data.as_ref()))
    }

    /// The same, with a value as JSON.
    #[cfg(feature = "json")]
    pub fn set_json<T: serde::Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<String> {
        self.set_with(&Entry::json(key, value)?)
    }

    /// Writes an entry with its precondition and expiry, and returns the new etag.
    ///
    /// # Errors
    /// `conflict` when the precondition does not hold.
    pub fn set_with(&self, entry: &Entry<'_>) -> Result<String> {
        Ok(wit::set(&self.name, entry.lower())?)
    }

    /// Writes each entry on its own; not atomic as a whole.
    pub fn set_many(&self, entries: &[Entry<'_>]) -> Result<Vec<Result<String>>> {
        let entries: Vec<_> = entries.iter().map(Entry::lower).collect();
        Ok(each(wit::set_many(&self.name, &entries)?))
    }

    /// Removes a key; a missing one is fine.
    pub fn delete(&self, key: &str) -> Result<()> {
        self.delete_with(&Removal::new(key))
    }

    /// Removes a key under a precondition.
    ///
    /// # Errors
    /// `conflict` when the precondition does not hold.
    pub fn delete_with(&self, removal: &Removal<'_>) -> Result<()> {
        Ok(wit::delete(&self.name, removal.lower())?)
    }

    /// Removes each key on its own; not atomic as a whole.
    pub fn delete_many(&self, removals: &[Removal<'_>]) -> Result<Vec<Result<()>>> {
        let removals: Vec<_> = removals.iter().map(Removal::lower).collect();
        Ok(each(wit::delete_many(&self.name, &removals)?))
    }

    /// All or nothing, in order. Returns the new etag of each upsert, and none for other steps.
    pub fn transact(&self, transaction: &Transaction<'_>) -> Result<Vec<Option<String>>> {
        Ok(wit::transact(&self.name, &transaction.lower())?)
    }

    /// Adds to a decimal integer atomically and returns the sum; a missing key counts as 0.
    pub fn increment(&self, key: &str, delta: i64) -> Result<i64> {
        self.increment_with(key, delta, Expiry::Keep)
    }

    /// The same; `initial` is the expiry of a key that was missing.
    pub fn increment_with(&self, key: &str, delta: i64, initial: Expiry) -> Result<i64> {
        Ok(wit::increment(&self.name, key, delta, initial.lower())?)
    }

    /// Every key that begins with `prefix`, fetched page by page as the iterator goes on.
    pub fn list_keys<'a>(&'a self, prefix: &'a str) -> Keys<'a> {
        Keys::new(self, prefix)
    }

    /// One page of keys, at most `limit` (1 to 1000); `cursor` is the page before's `next`.
    pub fn list_page(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<KeyPage> {
        Ok(wit::list_keys(&self.name, prefix, cursor, limit)?.into())
    }
}

fn each<T>(outcomes: Vec<Result<T, wit::Error>>) -> Vec<Result<T>> {
    outcomes.into_iter().map(|outcome| Ok(outcome?)).collect()
}
