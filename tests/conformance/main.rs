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
mod refusals;
mod relay;
mod table;

use std::sync::Arc;

use ottavo_blocks::state::State;
use ottavo_blocks::state::suite::{self, Harness, Report, Time};
use ottavo_core::Shutdown;

use drivers::STORES;
use grpc::GrpcState;
use host::Host;
use relay::RelayState;
use table::Column;

async fn column(title: String, store: Arc<dyn State>) -> Column {
    let report = suite::run_all_at_once(&Harness { store, time: Time::Real }).await;
    Column { title, report }
}

#[tokio::test(flavor = "multi_thread")]
async fn state_behaves_alike_through_every_door() {
    let (folder, shutdown) = (tempfile::tempdir().unwrap(), Shutdown::new());
    let drivers = drivers::open(folder.path(), &shutdown).await.unwrap();
    let host = Host::start().await;
    let channel = host.channel().await;

    let mut columns = Vec::new();
    for (name, driver) in STORES {
        let store = drivers::state(&drivers, name).unwrap();
        columns.push(column(format!("trait, {driver}"), store).await);
    }
    for (name, driver) in STORES {
        let claimed = drivers::state(&drivers, name).unwrap().capabilities();
        let store = Arc::new(GrpcState::new(channel.clone(), name, claimed));
        columns.push(column(format!("gRPC, {driver}"), store).await);
    }
    for guest in guests::all() {
        let relay = host.relay(&guest, &shutdown).await;
        for (name, driver) in STORES {
            let claimed = drivers::state(&drivers, name).unwrap().capabilities();
            let store = Arc::new(RelayState::new(relay.clone(), name, claimed));
            columns.push(column(format!("WIT, {driver}, {}", guest.name), store).await);
        }
    }

    let failures = columns.iter().flat_map(failures).collect::<Vec<_>>();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    table::compare(&table::render(&columns)).unwrap();
}

fn failures(Column { title, report }: &Column) -> Vec<String> {
    Report::failures(report).into_iter().map(|failure| format!("{title}: {failure}")).collect()
}
