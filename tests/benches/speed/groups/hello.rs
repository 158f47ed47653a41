//! Requests a second, and the processor time of each, of functions that say hello.

use anyhow::Result;
use ottavo_test_support::not_built;

use crate::contender::{self, Contender};
use crate::floors::Floor;
use crate::hello;
use crate::peer::{self, Peer};
use crate::plan::Plan;
use crate::table::{Goal, Row, Table};

/// Our functions: what they are called here, their program, and their limits.
const OURS: [(&str, &str, &str); 7] = [
    ("rust", "hello-rust", ""),
    ("tinygo", "hello-go-tinygo", ""),
    ("go", "hello-go", ""),
    ("assemblyscript", "hello-assemblyscript", ""),
    ("reuse", "hello-rust", "reuse = { calls = 1000 }"),
    ("wasi-http", "hello-wasi-http", ""),
    ("wasi-http-reuse", "hello-wasi-http", "reuse = { calls = 1000 }"),
];

const HYPER: &str = "raw hyper";
const SERVE: &str = "`wasmtime serve`, its defaults";
const SERVE_REUSE: &str = "`wasmtime serve`, an instance for 128 requests";
const SERVE_BEST: &str = "`wasmtime serve`, tuned pool, an instance for 128 requests";

/// Work, ours, beside, goal of the rate.
const ROWS: [(&str, &str, &str, Goal); 11] = [
    ("hello in Rust, a fresh instance each", "rust", HYPER, Goal::AtLeast(0.65)),
    ("hello in TinyGo, fresh", "tinygo", HYPER, Goal::AtLeast(0.5)),
    ("hello in AssemblyScript, fresh", "assemblyscript", HYPER, Goal::AtLeast(0.5)),
    ("hello in standard Go, fresh", "go", HYPER, Goal::None),
    ("hello in Rust, `reuse`", "reuse", HYPER, Goal::AtLeast(0.85)),
    ("hello as `wasi:http`, fresh", "wasi-http", HYPER, Goal::None),
    ("hello in Rust, fresh", "rust", SERVE_REUSE, Goal::AtLeast(1.1)),
    ("hello in Rust, fresh", "rust", SERVE_BEST, Goal::None),
    ("the same `wasi:http` component, fresh", "wasi-http", SERVE, Goal::AtLeast(3.0)),
    ("the same, `reuse`", "wasi-http-reuse", SERVE_BEST, Goal::AtLeast(1.2)),
    ("hello in Rust, fresh", "rust", "wasi-http", Goal::AtLeast(1.3)),
];

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    let host = hello::host().await?;
    let floor = Floor::start("hyper", &[]).await?;
    let mut notes = Vec::new();
    let load = hello::load(floor.address, "any");
    let mut contenders = vec![Contender::new(HYPER, load, floor.server()?)];
    for (name, program, limits) in OURS {
        if let Some(why) = not_built(program)? {
            notes.push(format!("Not measured: {name}: {why}."));
            continue;
        }
        hello::deploy(&host, name, program, limits).await?;
        let load = hello::load(host.http(), name);
        contenders.push(Contender::new(name, load, hello::server(&host)));
    }
    let mut peers = Vec::new();
    match peer::binary() {
        None => notes.push("Not measured: `wasmtime serve`, which is not there.".to_owned()),
        Some(binary) => {
            let best = [&peer::TUNED[..], &peer::REUSE].concat();
            for (name, settings) in
                [(SERVE, &[][..]), (SERVE_REUSE, &peer::REUSE), (SERVE_BEST, &best)]
            {
                let peer = Peer::start(&binary, &peer::component()?, settings).await?;
                let load = hello::load(peer.address, "any");
                contenders.push(Contender::new(name, load, peer.server()?));
                peers.push(peer);
            }
        }
    }
    tokio::task::block_in_place(|| contender::measure(&mut contenders, plan))?;
    let find = |name: &str| contenders.iter().find(|contender| contender.name == name);
    let mut rows = Vec::new();
    for (work, ours, beside, goal) in ROWS {
        let (Some(ours), Some(floor)) = (find(ours), find(beside)) else { continue };
        let beside = if beside == "wasi-http" { "ours as `wasi:http`, fresh" } else { beside };
        let row = |unit, ours, floor, goal| Row {
            work: work.to_owned(),
            unit,
            ours,
            floor: Some((beside.to_owned(), floor)),
            goal,
        };
        rows.push(row("answers/s", ours.rates(), floor.rates(), goal));
        rows.push(row("µs of CPU each", ours.cpu(), floor.cpu(), Goal::None));
    }
    Ok(Table { title: "Hello, 32 connections", rows, notes })
}
