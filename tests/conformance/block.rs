//! What the suite must know of a block, and a block's columns of the table.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use ottavo_blocks::suite::{Harness, Report, Time};
use ottavo_core::{CallContext, Result};
use ottavo_registry::{Catalog, Stores};
use serde_json::{Value, json};
use tonic::transport::Channel;

use crate::relay::Relay;
use crate::servers::Servers;
use crate::stage::Stage;
use crate::table::Column;

/// A block, with its three implementers.
pub(crate) trait Block {
    /// Its trait object.
    type Store: ?Sized + Send + Sync + 'static;
    /// As in the configuration.
    const NAME: &'static str;
    /// The drivers of the suite. Each has a store of its own name; the relays ask for them by it.
    const DRIVERS: &'static [&'static str];

    /// Adds the drivers.
    fn register(catalog: &mut Catalog);

    /// The options of a driver's store, where it needs any.
    fn options(driver: &str, servers: &Servers) -> Value {
        match driver {
            "redis" => json!({ "url": servers.redis.url() }),
            _ => json!({}),
        }
    }

    /// The driver's store, called without any door.
    fn find(stores: &Stores, name: &str) -> Arc<Self::Store>;

    /// A store behind the door of apps, which claims what its driver claims: a door does not tell.
    fn over_grpc(channel: Channel, name: &str, own: &Self::Store) -> Arc<Self::Store>;

    /// A store behind a guest, which claims what its driver claims.
    fn through(relay: Relay, own: &Self::Store) -> Arc<Self::Store>;

    /// Runs every case.
    fn run(harness: Harness<Self::Store>) -> impl Future<Output = Report> + Send;

    /// Any call, whose input is as it should be.
    fn touch(store: &Self::Store, cx: &CallContext) -> impl Future<Output = Result<()>> + Send;
}

/// Columns that are run at the same time: cases mostly wait, for what expires.
const AT_ONCE: usize = 6;

/// Runs a block's cases on every driver through every door.
pub(crate) async fn columns<B: Block>(stage: &Stage) -> Vec<Column> {
    let mut columns: Vec<BoxFuture<'_, Column>> = Vec::new();
    for &driver in B::DRIVERS {
        columns.push(Box::pin(ran::<B>(driver, "trait", B::find(&stage.stores, driver))));
        columns.push(Box::pin(async move {
            let own = B::find(&stage.stores, driver);
            let app = B::over_grpc(stage.channel.clone(), driver, &own);
            ran::<B>(driver, "gRPC", app).await
        }));
    }
    for guest in &stage.guests {
        for &driver in B::DRIVERS {
            columns.push(Box::pin(async move {
                if guest.missing.is_some() {
                    return Column { driver, title: guest.title.clone(), report: None };
                }
                let connection = stage.host.relay(guest, &stage.shutdown).await;
                let own = B::find(&stage.stores, driver);
                let relay = Relay::new(connection, driver).beside(stage.channel.clone());
                let store = B::through(relay, &own);
                ran::<B>(driver, &guest.title, store).await
            }));
        }
    }
    stream::iter(columns).buffered(AT_ONCE).collect().await
}

async fn ran<B: Block>(driver: &'static str, title: &str, store: Arc<B::Store>) -> Column {
    let report = Some(B::run(Harness { store, time: Time::Real }).await);
    Column { driver, title: title.to_owned(), report }
}
