//! The drivers, called without any door.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use ottavo_blocks::state::State;
use ottavo_core::{Clock, Shutdown, SystemClock};
use ottavo_registry::{Catalog, StoreTable, Stores, Tables};

/// The stores of the suite, `name: driver`; the relays ask for them by these names.
pub(crate) const STORES: [(&str, &str); 2] = [("memory", "memory"), ("local", "local")];

/// Opens [`STORES`], with their data under `folder`.
pub(crate) async fn open(folder: &Path, shutdown: &Shutdown) -> Result<Stores> {
    let mut catalog = Catalog::default();
    catalog.state.add(ottavo_driver_memory::Memory);
    catalog.state.add(ottavo_driver_local::Local);
    let mut tables = Tables::new();
    for (name, driver) in STORES {
        let table = StoreTable {
            driver: driver.to_owned(),
            key_prefix: ottavo_core::KeyPrefix::default(),
            options: serde_json::json!({}),
        };
        tables.insert(name.parse()?, table);
    }
    let tables = BTreeMap::from([("state".to_owned(), tables)]);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(catalog.open(&tables, folder, &clock, shutdown).await?)
}

/// One of the open stores.
pub(crate) fn state(stores: &Stores, name: &str) -> Result<Arc<dyn State>> {
    Ok(Arc::clone(stores.state(name)?.live()))
}
