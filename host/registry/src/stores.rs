//! The live stores of every block, by name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::future::{BoxFuture, join_all};
use ottavo_blocks::binding::Binding;
use ottavo_blocks::config::Config;
use ottavo_blocks::each_block;
use ottavo_blocks::file::File;
use ottavo_blocks::invoke::Invoke;
use ottavo_blocks::lock::Lock;
use ottavo_blocks::pubsub::PubSub;
use ottavo_blocks::secret::Secrets;
use ottavo_blocks::sequencer::Sequencer;
use ottavo_blocks::state::State;
use ottavo_core::{
    CallContext, Clock, Error, KeyPrefix, Kind, Result, Secret, Shutdown, StoreName,
};
use serde_json::Value;

use crate::{Driver, Drivers, OpenContext, Reference, vault};

/// One `[block.name]` table of the configuration.
#[derive(Clone, Debug)]
pub struct StoreTable {
    /// The driver's name.
    pub driver: String,
    /// What stands before its keys in the backend.
    pub key_prefix: KeyPrefix,
    /// The rest of the table, with the secrets that it names.
    pub options: Secret<Value>,
    /// Secrets that the options have in secret stores.
    pub references: Vec<Reference>,
    /// Where it was written, as a message begins: `ottavo.toml:4:1: `, or nothing.
    pub place: String,
}

impl StoreTable {
    /// A table that stands in no file.
    pub fn new(driver: &str, key_prefix: KeyPrefix, options: Value) -> StoreTable {
        let (driver, place) = (driver.to_owned(), String::new());
        let (options, references) = (Secret::new(options), Vec::new());
        StoreTable { driver, key_prefix, options, references, place }
    }
}

/// The tables of one block.
pub type Tables = BTreeMap<StoreName, StoreTable>;

/// One live store and where it came from.
pub struct Store<S: ?Sized> {
    place: usize,
    name: StoreName,
    driver: &'static str,
    key_prefix: KeyPrefix,
    live: Arc<S>,
}

impl<S: ?Sized> Store<S> {
    /// Its place in [`Stores::infos`].
    pub fn place(&self) -> usize {
        self.place
    }

    /// The name callers say.
    pub fn name(&self) -> &StoreName {
        &self.name
    }

    /// The name of its driver.
    pub fn driver(&self) -> &'static str {
        self.driver
    }

    /// What stands before its keys in the backend; the store itself does not know it.
    pub fn key_prefix(&self) -> &KeyPrefix {
        &self.key_prefix
    }

    /// The store itself.
    pub fn live(&self) -> &Arc<S> {
        &self.live
    }
}

/// What is known of a store without using it.
#[derive(Clone, Debug)]
pub struct StoreInfo {
    /// The block it belongs to.
    pub block: &'static str,
    /// Its name.
    pub name: StoreName,
    /// Its driver's name.
    pub driver: &'static str,
}

type Map<S> = BTreeMap<StoreName, Store<S>>;

async fn open_all<S: ?Sized + Send + Sync + 'static>(
    block: &str,
    drivers: &Drivers<S>,
    tables: &Tables,
    host: &Host<'_>,
    secrets: &Map<dyn Secrets>,
) -> Result<Map<S>> {
    let mut live = Map::new();
    for (name, table) in tables {
        let path = format!("{}`{block}.{name}", table.place);
        let driver = drivers
            .find(&table.driver)
            .map_err(|error| error.context(format!("{path}.driver`")))?;
        let context = OpenContext {
            name: name.clone(),
            folder: host.data_dir.join("stores").join(block).join(name.as_str()),
            clock: Arc::clone(host.clock),
            shutdown: host.shutdown.clone(),
        };
        let options = vault::resolve(&table.options, &table.references, secrets).await?;
        let store = Driver::open(driver, context, options)
            .await
            .map_err(|error| error.context(format!("{path}`")))?;
        let store = Store {
            place: 0,
            name: name.clone(),
            driver: driver.name(),
            key_prefix: table.key_prefix.clone(),
            live: store,
        };
        live.insert(name.clone(), store);
    }
    Ok(live)
}

struct Host<'a> {
    data_dir: &'a Path,
    clock: &'a Arc<dyn Clock>,
    shutdown: &'a Shutdown,
}

async fn in_time(cx: &CallContext, health: impl Future<Output = Result<()>>) -> Result<()> {
    match tokio::time::timeout_at(cx.deadline, health).await {
        Ok(health) => health,
        Err(_) => Err(Error::new(Kind::Timeout, "no answer in time to the question how it is")),
    }
}

fn find<'a, S: ?Sized>(block: &str, map: &'a Map<S>, name: &str) -> Result<&'a Store<S>> {
    map.get(name).ok_or_else(|| {
        let known: Vec<_> = map.keys().map(StoreName::as_str).collect();
        let known = match known.is_empty() {
            true => format!("no {block} store is configured"),
            false => format!("configured are {}", known.join(", ")),
        };
        Error::not_found(format!("no {block} store `{}`: {known}", name.escape_debug()))
    })
}

macro_rules! rooms {
    ($($block:ident => $trait:ident),* $(,)?) => {
        /// The drivers of every block.
        #[derive(Default)]
        pub struct Catalog {
            $(#[doc = concat!("Drivers of the block `", stringify!($block), "`.")]
            pub $block: Drivers<dyn $trait>,)*
        }

        /// The live stores of every block.
        #[derive(Default)]
        pub struct Stores {
            $($block: Map<dyn $trait>,)*
        }

        impl Catalog {
            /// The names of a block's drivers; none for a block that does not exist.
            pub fn drivers(&self, block: &str) -> Option<Vec<&'static str>> {
                $(if block == stringify!($block) { return Some(self.$block.names()); })*
                None
            }

            /// The schema of a driver's options; none for one that does not exist.
            pub fn schema(&self, block: &str, driver: &str) -> Option<Value> {
                $(if block == stringify!($block) {
                    return self.$block.find(driver).ok().map(|driver| driver.schema());
                })*
                None
            }

            /// Checks a driver's options, as far as can be done without the backend.
            ///
            /// # Errors
            /// `invalid-argument` for a driver that does not exist, and as [`Driver::check`].
            pub fn check(&self, block: &str, driver: &str, options: &Value) -> Result<()> {
                $(if block == stringify!($block) {
                    return self.$block.find(driver)?.check(options);
                })*
                Err(Error::invalid(format!("no block `{block}`")))
            }

            /// The names of all blocks.
            pub fn blocks() -> &'static [&'static str] {
                &[$(stringify!($block)),*]
            }

            /// Opens every store of `tables`, which has the tables of each block by its name.
            ///
            /// # Errors
            /// The first store that cannot be opened, with the path of its table.
            pub async fn open(
                &self,
                tables: &BTreeMap<String, Tables>,
                data_dir: &Path,
                clock: &Arc<dyn Clock>,
                shutdown: &Shutdown,
            ) -> Result<Stores> {
                let host = Host { data_dir, clock, shutdown };
                let none = Tables::new();
                let mut stores = Stores::default();
                // first, wherever it stands among the blocks: the others find their secrets in it
                let vaults = tables.get("secret").unwrap_or(&none);
                stores.secret =
                    open_all("secret", &self.secret, vaults, &host, &stores.secret).await?;
                $(if stringify!($block) != "secret" {
                    let tables = tables.get(stringify!($block)).unwrap_or(&none);
                    let (block, drivers) = (stringify!($block), &self.$block);
                    stores.$block =
                        open_all(block, drivers, tables, &host, &stores.secret).await?;
                })*
                let mut places = 0..;
                $(for store in stores.$block.values_mut() {
                    store.place = places.next().unwrap_or_default();
                })*
                Ok(stores)
            }
        }

        impl Stores {
            $(
                #[doc = concat!("The ", stringify!($block), " store of this name.")]
                ///
                /// # Errors
                /// `not-found` with the names that are configured.
                pub fn $block(&self, name: &str) -> Result<&Store<dyn $trait>> {
                    find(stringify!($block), &self.$block, name)
                }
            )*

            /// Whether a block has a store of this name.
            ///
            /// # Errors
            /// `not-found` with the names that are configured.
            pub fn check(&self, block: &str, name: &str) -> Result<()> {
                $(if block == stringify!($block) {
                    return self.$block(name).map(drop);
                })*
                Err(Error::not_found(format!("no block `{block}`")))
            }

            /// Every store, block by block.
            pub fn infos(&self) -> Vec<StoreInfo> {
                let mut infos = Vec::new();
                $(infos.extend(self.$block.values().map(|store| StoreInfo {
                    block: stringify!($block),
                    name: store.name.clone(),
                    driver: store.driver,
                }));)*
                infos
            }

            /// Asks every store, all at the same time, whether calls could succeed: an answer for
            /// each, in the order of [`Stores::infos`], by `cx.deadline`.
            pub async fn health(&self, cx: &CallContext) -> Vec<Result<()>> {
                let mut asked: Vec<BoxFuture<'_, Result<()>>> = Vec::new();
                $(for store in self.$block.values() {
                    asked.push(Box::pin(in_time(cx, store.live.health(cx))));
                })*
                join_all(asked).await
            }
        }
    };
}

each_block!(rooms);

impl Stores {
    /// The invoke stores, by name.
    pub fn each_invoke(&self) -> impl Iterator<Item = &Store<dyn Invoke>> {
        self.invoke.values()
    }
}
