//! What a function pays for a call of the host: one request makes it many times.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use ottavo_test_support::{Client, TestHost, program};

use crate::plan::Plan;
use crate::rpc::DATA;
use crate::table::{Goal, Row, Table};

/// Calls of one request: far from `limits.cpu`.
const TIMES: u32 = 10_000;

const EMPTY: &str = "/calls/remaining";
const GET: &str = "/calls/state-get?store=memory";
const SET: &str = "/calls/state-set?store=memory";

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    let config = "[state.memory]\ndriver = \"memory\"\n";
    let host = TestHost::builder().engine("").config(config).start().await?;
    let manifest = host.folder().join("calls.toml");
    let text = "manifest = 1\nname = \"calls\"\n[[http]]\nroute = \"/calls/:what\"\n\
                [needs]\nstate = [\"memory\"]\n";
    std::fs::write(&manifest, text)?;
    host.deploy_with(&program("calls")?, &manifest).await?;
    ask(host.http(), SET, 1).await?;
    let (mut empty, mut get) = (Vec::new(), Vec::new());
    each(host.http(), EMPTY, plan.warm_up).await?;
    each(host.http(), GET, plan.warm_up).await?;
    for round in 0..plan.rounds {
        empty.push(each(host.http(), EMPTY, plan.round).await?);
        get.push(each(host.http(), GET, plan.round).await?);
        eprintln!("  {round} {:.3} us and {:.3} us", empty[round], get[round]);
    }
    let more = get.iter().zip(&empty).map(|(get, empty)| get - empty).collect();
    let row = |work: &str, ours, goal| {
        let work = work.to_owned();
        Row { work, unit: "µs", ours, floor: None, goal }
    };
    let rows = vec![
        row("an empty call of the host", empty, Goal::None),
        row("get of the driver `memory`", get, Goal::None),
        row("the second less the first", more, Goal::AtMost(1.0)),
    ];
    let notes = vec![format!(
        "From a function in Rust, {TIMES} calls in one request: `context.remaining`, and `state.get` of {} bytes, with what the \
         SDK makes of them.",
        DATA.len()
    )];
    Ok(Table { title: "Calls of the host by a function", rows, notes })
}

/// Microseconds a call, over so long.
async fn each(http: SocketAddr, path: &str, time: Duration) -> Result<f64> {
    let (begun, mut calls) = (Instant::now(), 0.0);
    while begun.elapsed() < time {
        ask(http, path, TIMES).await?;
        calls += f64::from(TIMES);
    }
    Ok(begun.elapsed().as_secs_f64() * 1e6 / calls)
}

async fn ask(http: SocketAddr, path: &str, times: u32) -> Result<()> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{separator}times={times}");
    let answer = Client::open(http).await?.send("POST", &path, DATA).await?;
    let done = answer.status == 200 && answer.text() == format!("{times} times");
    ensure!(done, "{path}: {} {}", answer.status, answer.text());
    Ok(())
}
