//! Guests that loop, grow, recurse, flood and trap.

use futures_util::future::join_all;

use crate::scene::Scene;
use crate::table::Table;

pub(crate) async fn all(scene: &Scene, table: &mut Table) {
    let workers = std::thread::available_parallelism().unwrap().get();
    scene
        .fault(table, "infinite loop, on one thread more than there are", async |row| {
            for answer in join_all((0..=workers).map(|_| scene.ask("/faults/spin"))).await {
                row.tried(answer.is_some_and(|answer| answer.status == 504));
            }
        })
        .await;
    // path, its status, what the client on loopback reads of the reason
    for (name, path, status, says) in [
        ("deep recursion", "recurse", 500, "stack"),
        ("deep recursion in its own memory", "recurse-wide", 500, ""),
        ("memory bomb", "hoard", 500, "16MiB"),
        ("trap", "trap", 500, "trapped"),
        ("panic", "panic?text=out+of+tea", 500, "out of tea"),
        ("answer over the limit", "big?bytes=1048577", 502, "1048577"),
        ("header that is none", "bad-header-value", 502, ""),
    ] {
        scene
            .fault(table, name, async |row| {
                for _ in 0..20 {
                    let answer = scene.ask(&format!("/faults/{path}")).await;
                    let right = answer.is_some_and(|answer| {
                        answer.status == status && answer.text().contains(says)
                    });
                    row.tried(right);
                }
            })
            .await;
    }
    scene
        .fault(table, "log flood", async |row| {
            for answer in
                join_all((0..4).map(|_| scene.ask("/faults/log-flood?lines=2000&bytes=10000")))
                    .await
            {
                row.tried(answer.is_some_and(|answer| matches!(answer.status, 200 | 504)));
            }
        })
        .await;
    scene
        .fault(table, "a million handles", async |row| {
            // it makes more until it may not
            let answer = scene.ask("/w/handles").await;
            row.tried(answer.is_some_and(|answer| answer.status >= 500));
        })
        .await;
}
