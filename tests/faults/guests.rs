//! Guests that loop, grow, recurse, flood and trap.

use futures_util::future::join_all;
use ottavo_test_support::handler;

use crate::scene::Scene;
use crate::table::Table;

pub(crate) async fn all(scene: &Scene, table: &mut Table) {
    let workers = std::thread::available_parallelism().unwrap().get();
    scene
        .fault(table, "infinite loop, on one thread more than there are", async |row| {
            for answer in join_all((0..=workers).map(|_| scene.ask("/faults/spin"))).await {
                row.asked(&answer, |answer| answer.status == 504);
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
        ("huge string, given to the host", "give?bytes=6000000", 500, "over 5MiB to one call"),
        ("huge list, given to the host", "list?items=250000", 500, "over 5MiB to one call"),
        ("answer over the limit", "big?bytes=1048577", 502, "1048577"),
        ("header that is none", "bad-header-value", 502, ""),
    ] {
        scene
            .fault(table, name, async |row| {
                for _ in 0..20 {
                    let answer = scene.ask(&format!("/faults/{path}")).await;
                    row.asked(&answer, |answer| {
                        answer.status == status && answer.text().contains(says)
                    });
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
                row.asked(&answer, |answer| matches!(answer.status, 200 | 504));
            }
        })
        .await;
    scene
        .fault(table, "a million handles", async |row| {
            // it makes more until it may not
            let answer = scene.ask("/w/handles").await;
            row.asked(&answer, |answer| answer.status >= 500);
        })
        .await;
    scene
        .fault(table, "table bomb", async |row| {
            let grow = "(loop (br_if 0 (i32.ne (table.grow $table (ref.null func) (i32.const 1000))
                (i32.const -1)))) unreachable";
            let bomb = handler("(table $table 1 funcref)", grow).unwrap();
            // a table counts as memory, and has a most of its own
            for (name, memory, says) in
                [("tables", "256KiB", "256KiB"), ("large-tables", "16MiB", "unreachable")]
            {
                let limits = format!("memory = \"{memory}\"");
                scene.host.deploy_bytes(name, &bomb, &limits).await.unwrap();
                for _ in 0..10 {
                    let answer = scene.ask(&format!("/{name}/grow")).await;
                    row.asked(&answer, |answer| {
                        answer.status == 500 && answer.text().contains(says)
                    });
                }
            }
        })
        .await;
    scene
        .fault(table, "start without end, of what is deployed", async |row| {
            let endless = "(func $spin (loop (br 0))) (start $spin)";
            let endless = handler(endless, "unreachable").unwrap();
            let deploys = (0..=workers).map(async |n| {
                let name = format!("stuck-{n}");
                let deployed = scene.host.deploy_bytes(&name, &endless, "").await;
                deployed.map_err(|error| format!("{error:#}"))
            });
            for deployed in join_all(deploys).await {
                let refused = |said: &String| {
                    said.contains("does not start") && said.contains("its CPU limit of 1s")
                };
                row.saw(deployed.as_ref().is_err_and(refused), &deployed);
            }
        })
        .await;
}
