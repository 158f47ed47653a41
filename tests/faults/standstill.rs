//! A machine that gives a host no time, while a guest computes.

use std::time::Duration;

use ottavo_test_support::{TestHost, root};

use crate::table::{Row, Table};

/// Longer than the CPU limit of the guest.
const STANDSTILL: Duration = Duration::from_millis(300);

/// So many calls that do not compute, between two that do: those go on beginning on the threads that answer.
const QUICK: usize = 40;

/// Computes for some ten milliseconds.
const COMPUTES: &str = "/faults/alloc-check?rounds=3000&seed=3";

pub(crate) async fn all(table: &mut Table) {
    let name = "a machine that stands still for longer than the CPU limit";
    if !table.wants(name) {
        return;
    }
    let mut row = Row::default();
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/faults")).await.unwrap();
    for round in 0..20 {
        for _ in 0..QUICK {
            assert_eq!(host.get("/faults/ok").await.unwrap().status, 200);
        }
        let stands_still = async {
            // another moment of the call in each round
            tokio::time::sleep(Duration::from_micros(500 * round)).await;
            host.signal("-STOP").await.unwrap();
            tokio::time::sleep(STANDSTILL).await;
            host.signal("-CONT").await.unwrap();
        };
        // nobody is stopped for time that it did not use
        let (answer, ()) = tokio::join!(host.get(COMPUTES), stands_still);
        row.asked(&answer, |answer| answer.status == 200);
    }
    table.add(name, row);
}
