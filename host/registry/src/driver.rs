//! What a driver registers: a name, and how a store is opened from its table.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use ottavo_core::{Clock, Error, Result, Shutdown, StoreName};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What a store may use while it is opened and as long as it lives.
#[derive(Clone)]
pub struct OpenContext {
    /// The name under which callers know the store.
    pub name: StoreName,
    /// A folder for this store alone, which the driver creates if it needs it.
    pub folder: PathBuf,
    /// Decides expiry.
    pub clock: Arc<dyn Clock>,
    /// Runs its tasks.
    pub shutdown: Shutdown,
}

/// The code of one vendor for one block, `S` being the block's trait object.
#[async_trait]
pub trait Driver<S: ?Sized + Send + Sync>: Send + Sync + 'static {
    /// The word in `driver = "..."`.
    fn name(&self) -> &'static str;

    /// The schema of its options, which `schema::of` makes of their type. Without one, nothing is
    /// checked before [`Driver::open`].
    fn schema(&self) -> Value {
        json!({ "type": "object" })
    }

    /// Checks options that fit the schema, as far as can be done without the backend.
    ///
    /// # Errors
    /// `invalid-argument`, as [`Driver::open`].
    fn check(&self, _table: &Value) -> Result<()> {
        Ok(())
    }

    /// Opens a store from its table, without the key `driver`.
    ///
    /// # Behavior
    /// - A backend that is away is no error: the store opens, its calls and its health say
    ///   `unavailable`, and it is used once it is there. It is waited for as long as one attempt to
    ///   connect takes.
    ///
    /// # Errors
    /// What only a person can put right: `invalid-argument` when the table is wrong, with the key and
    /// what is accepted; `failed-precondition` when the backend refuses what it says.
    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<S>>;
}

/// Reads a store's table into the driver's own options; refuses what they do not know.
///
/// # Errors
/// `invalid-argument` with serde's account of what is wrong.
pub fn options<T: DeserializeOwned>(table: Value) -> Result<T> {
    serde_json::from_value(table).map_err(|error| Error::invalid(error.to_string()))
}

/// The drivers of one block, by name.
pub struct Drivers<S: ?Sized>(BTreeMap<&'static str, Arc<dyn Driver<S>>>);

impl<S: ?Sized> Default for Drivers<S> {
    fn default() -> Drivers<S> {
        Drivers(BTreeMap::new())
    }
}

impl<S: ?Sized + Send + Sync + 'static> Drivers<S> {
    /// Adds a driver; the last one of a name wins.
    pub fn add(&mut self, driver: impl Driver<S>) {
        self.0.insert(driver.name(), Arc::new(driver));
    }

    /// The names, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }

    pub(crate) fn find(&self, name: &str) -> Result<&dyn Driver<S>> {
        self.0.get(name).map(|driver| &**driver).ok_or_else(|| {
            let known = self.names().join(", ");
            Error::invalid(format!("unknown driver `{name}`: use one of {known}"))
        })
    }
}
