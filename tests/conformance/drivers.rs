//! The drivers, called without any door.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use ottavo_blocks::state::State;
use ottavo_core::{Clock, KeyPrefix, Shutdown, SystemClock};
use ottavo_registry::{Catalog, StoreTable, Stores, Tables};
use serde_json::{Value, json};

/// The drivers of the suite. Each has a store of its own name; the relays ask for them by it.
pub(crate) const DRIVERS: [&str; 3] = ["memory", "local", "redis"];

/// The options of a driver's store.
pub(crate) fn options(driver: &str, redis: &str) -> Value {
    match driver {
        "redis" => json!({ "url": redis }),
        _ => json!({}),
    }
}

/// Opens a store of each of [`DRIVERS`], with data under `folder` and in this redis.
pub(crate) async fn open(folder: &Path, redis: &str, shutdown: &Shutdown) -> Result<Stores> {
    let mut catalog = Catalog::default();
    catalog.state.add(ottavo_driver_memory::Memory);
    catalog.state.add(ottavo_driver_local::Local);
    catalog.state.add(ottavo_driver_redis::Redis);
    let mut tables = Tables::new();
    for driver in DRIVERS {
        let table = StoreTable::new(driver, KeyPrefix::default(), options(driver, redis));
        tables.insert(driver.parse()?, table);
    }
    let tables = BTreeMap::from([("state".to_owned(), tables)]);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(catalog.open(&tables, folder, &clock, shutdown).await?)
}

/// The store of a driver.
pub(crate) fn state(stores: &Stores, driver: &str) -> Result<Arc<dyn State>> {
    Ok(Arc::clone(stores.state(driver)?.live()))
}
