//! One set of cases for state over everything that implements it: the drivers themselves, the gRPC
//! door, and the door of functions through a relay in every guest language.
//!
//! The doors are those of the real binary, with a store of every driver. What a driver claims is
//! asked of the driver; a door has nothing to claim.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod drivers;
mod grpc;
mod guests;
mod host;
mod record;
mod refusals;
mod relay;
mod table;

use std::sync::Arc;

use ottavo_blocks::state::State;
use ottavo_blocks::state::suite::{self, Harness, Report, Time};
use ottavo_core::Shutdown;
use ottavo_test_support::TestRedis;

use drivers::DRIVERS;
use grpc::GrpcState;
use host::Host;
use relay::RelayState;
use table::Column;

async fn ran(driver: &'static str, title: &str, store: Arc<dyn State>) -> Column {
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    Column { driver, title: title.to_owned(), report: Some(report) }
}

#[tokio::test(flavor = "multi_thread")]
async fn state_behaves_alike_through_every_door() {
    let (folder, shutdown) = (tempfile::tempdir().unwrap(), Shutdown::new());
    // two, as the drivers' stores and the host's are not to see each other
    let (own, redis) = (TestRedis::start().await.unwrap(), TestRedis::start().await.unwrap());
    let drivers = drivers::open(folder.path(), &own.url(), &shutdown).await.unwrap();
    let host = Host::start(&redis.url()).await;
    let channel = host.channel().await;
    let claimed = |driver| drivers::state(&drivers, driver).unwrap().capabilities();

    let mut columns = Vec::new();
    for driver in DRIVERS {
        columns.push(ran(driver, "trait", drivers::state(&drivers, driver).unwrap()).await);
        let store = Arc::new(GrpcState::new(channel.clone(), driver, claimed(driver)));
        columns.push(ran(driver, "gRPC", store).await);
    }
    for guest in guests::all() {
        let relay = match guest.missing {
            None => Some(host.relay(&guest, &shutdown).await),
            Some(_) => None,
        };
        for driver in DRIVERS {
            columns.push(match &relay {
                None => Column { driver, title: guest.title.clone(), report: None },
                Some(relay) => {
                    let store = RelayState::new(relay.clone(), driver, claimed(driver));
                    ran(driver, &guest.title, Arc::new(store)).await
                }
            });
        }
    }

    let failures = columns.iter().flat_map(failures).collect::<Vec<_>>();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    record::compare(&columns).unwrap();
}

fn failures(Column { driver, title, report }: &Column) -> Vec<String> {
    let failures = report.as_ref().map(Report::failures).unwrap_or_default();
    failures.into_iter().map(|failure| format!("{title}, {driver}: {failure}")).collect()
}
