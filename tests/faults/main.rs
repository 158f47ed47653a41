//! Every fault that a host must survive, against the real binary, and a table of what became of them.
//!
//! A row counts what this run saw: how often the fault was tried, how often the host survived it (the
//! fault had its answer or its end, and another function answered after it), and what was lost: requests of
//! others that failed, or what had been acknowledged and was gone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test ends with its runtime and all its tasks")]
#![expect(clippy::print_stdout, reason = "a table is what this is for")]

mod backends;
mod clients;
mod disk;
mod guests;
mod handshakes;
mod kills;
mod scene;
mod standstill;
mod table;
mod writers;

use scene::Scene;
use table::Table;

/// `OTTAVO_FAULTS` names the faults that are tried, by a part of their names; without it, all are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_survived_and_nothing_is_lost() {
    let mut table = Table::new();
    let scene = Scene::start().await;
    guests::all(&scene, &mut table).await;
    clients::all(&scene, &mut table).await;
    scene.end(&mut table).await;
    handshakes::all(&mut table).await;
    standstill::all(&mut table).await;
    backends::all(&mut table).await;
    kills::all(&mut table).await;
    disk::all(&mut table).await;
    println!("\n{table}");
    table.check();
}
