//! Everything that the cases of all blocks run on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use ottavo_core::{Clock, KeyPrefix, Shutdown, SystemClock};
use ottavo_registry::{Catalog, StoreTable, Stores, Tables};
use tempfile::TempDir;
use tonic::transport::Channel;

use crate::block::Block;
use crate::each_block;
use crate::guests::{self, Guest};
use crate::host::Host;
use crate::servers::Servers;

/// The drivers' own stores, and a host with the same ones behind its doors.
pub(crate) struct Stage {
    pub(crate) stores: Stores,
    pub(crate) channel: Channel,
    pub(crate) host: Host,
    /// Every guest; those that are built here are deployed.
    pub(crate) guests: Vec<Guest>,
    pub(crate) shutdown: Shutdown,
    _kept: ([Servers; 2], TempDir),
}

impl Stage {
    pub(crate) async fn set() -> Stage {
        let (folder, shutdown) = (tempfile::tempdir().unwrap(), Shutdown::new());
        // two, as the drivers' stores and the host's are not to see each other
        let (own, servers) = (Servers::start().await, Servers::start().await);
        let stores = open(folder.path(), &own, &shutdown).await.unwrap();
        let host = Host::start(&servers).await;
        let channel = host.channel().await;
        let guests = guests::all();
        for guest in guests.iter().filter(|guest| guest.missing.is_none()) {
            host.deploy(guest).await;
        }
        Stage { stores, channel, host, guests, shutdown, _kept: ([own, servers], folder) }
    }
}

/// Opens a store of each driver of each block, with data under `folder` and on these servers.
async fn open(folder: &Path, servers: &Servers, shutdown: &Shutdown) -> Result<Stores> {
    let mut catalog = Catalog::default();
    let mut all = BTreeMap::new();
    macro_rules! add {
        ($($block:ty),*) => {$(
            <$block>::register(&mut catalog);
            let mut tables = Tables::new();
            for driver in <$block>::DRIVERS {
                let options = <$block>::options(driver, servers);
                let table = StoreTable::new(driver, KeyPrefix::default(), options);
                tables.insert(driver.parse()?, table);
            }
            all.insert(<$block>::NAME.to_owned(), tables);
        )*};
    }
    each_block!(add);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ok(catalog.open(&all, folder, &clock, shutdown).await?)
}

/// The same stores as the configuration of a host.
pub(crate) fn configuration(servers: &Servers) -> String {
    let mut text = String::new();
    macro_rules! add {
        ($($block:ty),*) => {$(
            for driver in <$block>::DRIVERS {
                text += &format!("[{}.{driver}]\ndriver = \"{driver}\"\n", <$block>::NAME);
                let options = <$block>::options(driver, servers);
                for (name, value) in options.as_object().into_iter().flatten() {
                    // as TOML writes it: an object is an inline table there
                    let value = toml::Value::try_from(value).unwrap();
                    text += &format!("{name} = {value}\n");
                }
            }
        )*};
    }
    each_block!(add);
    text
}
