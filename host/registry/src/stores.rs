//! The live stores of every block, by name.

use std::collections::BTreeMap;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
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
use ottavo_core::context::new_request_id;
use ottavo_core::{
    CallContext, Caller, Clock, Error, KeyPrefix, Kind, Result, Secret, Shutdown, StoreName,
};
use serde_json::Value;
use tokio::time::Instant;

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
    /// The host does not start without it.
    pub required: bool,
    /// Where it was written, as a message begins: `ottavo.toml:4:1: `, or nothing.
    pub place: String,
}

impl StoreTable {
    /// A table that stands in no file.
    pub fn new(driver: &str, key_prefix: KeyPrefix, options: Value) -> StoreTable {
        let (driver, place) = (driver.to_owned(), String::new());
        let (options, references) = (Secret::new(options), Vec::new());
        StoreTable { driver, key_prefix, options, references, required: false, place }
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
    required: bool,
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
    /// The host does not start without it.
    pub required: bool,
}

/// After this long, who opens a store is told that it is waited for.
const SLOW: Duration = Duration::from_secs(5);

/// The longest that opening one store may take: embedded storage that is repaired after a crash reads
/// all of its file.
const LONGEST: Duration = Duration::from_secs(300);

/// Between two questions to a store that a start waits for.
const PAUSE: Duration = Duration::from_millis(100);

type Map<S> = BTreeMap<StoreName, Store<S>>;

async fn open_all<S: ?Sized + Send + Sync + 'static>(
    block: &str,
    drivers: &Drivers<S>,
    tables: &Tables,
    host: &Host<'_>,
    secrets: &Map<dyn Secrets>,
) -> Result<Map<S>> {
    let opened = tables.iter().map(async |(name, table)| {
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
        let store = in_sight(&path, Driver::open(driver, context, options))
            .await
            .map_err(|error| error.context(format!("{path}`")))?;
        let store = Store {
            place: 0,
            name: name.clone(),
            driver: driver.name(),
            key_prefix: table.key_prefix.clone(),
            required: table.required,
            live: store,
        };
        Ok((name.clone(), store))
    });
    Ok(try_join_all(opened).await?.into_iter().collect())
}

/// The opened store; who takes long is named, and who takes for ever is given up.
async fn in_sight<T>(path: &str, open: impl Future<Output = Result<T>>) -> Result<T> {
    let mut open = pin!(open);
    if let Ok(opened) = tokio::time::timeout(SLOW, open.as_mut()).await {
        return opened;
    }
    tracing::warn!("{path}` takes long to open: the start waits for it");
    let late = |_| Error::new(Kind::Timeout, format!("did not open within {LONGEST:?}"));
    tokio::time::timeout(LONGEST, open).await.map_err(late)?
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

            /// Opens every store of `tables`, which has the tables of each block by its name, all at the same
            /// time but for those of secrets, which are first.
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
                // wherever it stands among the blocks: the others find their secrets in it
                let vaults = tables.get("secret").unwrap_or(&none);
                let secrets =
                    open_all("secret", &self.secret, vaults, &host, &Map::default()).await?;
                let ($($block,)*) = tokio::try_join!($(async {
                    let block = stringify!($block);
                    match tables.get(block).filter(|_| block != "secret") {
                        Some(tables) => open_all(block, &self.$block, tables, &host, &secrets).await,
                        None => Ok(Map::default()),
                    }
                }),*)?;
                let mut stores = Stores { $($block,)* };
                stores.secret = secrets;
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
                    required: store.required,
                }));)*
                infos
            }

            /// Asks the store at this place of [`Stores::infos`] whether calls could succeed; an
            /// answer by `cx.deadline`.
            ///
            /// # Errors
            /// As a call would have; `timeout` without an answer.
            pub async fn health(&self, place: usize, cx: &CallContext) -> Result<()> {
                $(if let Some(store) = self.$block.values().find(|store| store.place == place) {
                    return in_time(cx, store.live.health(cx)).await;
                })*
                Ok(())
            }
        }
    };
}

each_block!(rooms);

impl Stores {
    /// Waits until every store that is `required` can be used.
    ///
    /// # Errors
    /// The first that cannot, by `patience`, with its name and what it says.
    pub async fn required(&self, patience: Duration) -> Result<()> {
        let until = Instant::now() + patience;
        let infos = self.infos().into_iter().enumerate().filter(|(_, info)| info.required);
        let usable = infos.map(async |(place, StoreInfo { block, name, .. })| {
            loop {
                let left = until.saturating_duration_since(Instant::now());
                let cx = CallContext::new(new_request_id(), Caller::Anonymous, left);
                let Err(error) = self.health(place, &cx).await else { return Ok(()) };
                if Instant::now() + PAUSE < until {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
                let why = error.source_text().map_or(String::new(), |why| format!(" ({why})"));
                let message = format!(
                    "`{block}.{name}` is `required` and cannot be used: {error}{why}; start what is \
                     behind it, or leave out `required` to start without it"
                );
                return Err(Error::new(Kind::Unavailable, message));
            }
        });
        join_all(usable).await.into_iter().collect()
    }

    /// The invoke stores, by name.
    pub fn each_invoke(&self) -> impl Iterator<Item = &Store<dyn Invoke>> {
        self.invoke.values()
    }
}
