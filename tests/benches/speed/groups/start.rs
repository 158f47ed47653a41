//! How long until the first answer: of a host that starts, and of a function that is deployed.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ottavo_test_support::{TestHost, send};
use tokio::process::Command;

use crate::hello;
use crate::peer::{self, Peer};
use crate::plan::Plan;
use crate::stamp::stamped;
use crate::table::{Goal, Row, Table};

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    let mut notes = Vec::new();
    let wasmtime = peer::binary();
    if wasmtime.is_none() {
        notes.push("Not measured: `wasmtime`, which is not there.".to_owned());
    }
    let scratch = tempfile::tempdir()?;
    let component = peer::component()?;
    let compiled = scratch.path().join("hello.cwasm");
    if let Some(wasmtime) = &wasmtime {
        compile(wasmtime, &component, &compiled).await?;
    }

    let host = hello::host().await?;
    hello::deploy(&host, "hello", "hello-wasi-http", "").await?;
    let mut folder = host.kill().await?;
    let (mut starts, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        let begun = Instant::now();
        let host = TestHost::builder().engine("").folder(folder).start().await?;
        greeted(host.http()).await?;
        starts.push(millis(begun));
        folder = host.kill().await?;
        if let Some(wasmtime) = &wasmtime {
            let begun = Instant::now();
            let peer = Peer::start(wasmtime, &compiled, &["--allow-precompiled"]).await?;
            greeted(peer.address).await?;
            peers.push(millis(begun));
        }
    }

    let host = hello::host().await?;
    let (mut deploys, mut compiles) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        let stamp = format!("{}-{round}", std::process::id());
        let file = stamped(&component, scratch.path(), &stamp)?;
        let begun = Instant::now();
        hello::deploy_file(&host, "hello", &file, "").await?;
        greeted(host.http()).await?;
        deploys.push(millis(begun));
        if let Some(wasmtime) = &wasmtime {
            let begun = Instant::now();
            compile(wasmtime, &file, &compiled).await?;
            compiles.push(millis(begun));
        }
    }
    notes.push(format!(
        "The component: `wasi:http` 0.2 in Rust, {} KB. A deploy is `ottavo deploy`, a process of its own.",
        std::fs::metadata(&component)?.len() / 1000
    ));
    let row = |work: &str, ours, beside: &str, floor: Vec<f64>, goal| Row {
        work: work.to_owned(),
        unit: "ms",
        ours,
        floor: (!floor.is_empty()).then(|| (beside.to_owned(), floor)),
        goal: if wasmtime.is_some() { goal } else { Goal::None },
    };
    let serve = "`wasmtime serve --allow-precompiled`";
    let rows = vec![
        row("process start to first 200, compiled before", starts, serve, peers, Goal::AtMost(1.0)),
        row("deploy to first 200", deploys, "`wasmtime compile`", compiles, Goal::AtMost(1.5)),
    ];
    Ok(Table { title: "Starts", rows, notes })
}

fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

async fn greeted(address: SocketAddr) -> Result<()> {
    let request = http::Request::get("/hello/Ada").header("host", "localhost");
    let answer = send(address, request.body(bytes::Bytes::new())?).await?;
    ensure!(answer.text() == hello::SAYS, "{}", answer.text());
    Ok(())
}

async fn compile(
    wasmtime: &std::path::Path,
    file: &std::path::Path,
    to: &std::path::Path,
) -> Result<()> {
    let mut command = Command::new(wasmtime);
    command.arg("compile").arg(file).arg("-o").arg(to).kill_on_drop(true);
    let status = tokio::time::timeout(Duration::from_secs(60), command.status());
    let status = status.await.context("`wasmtime compile` does not end")??;
    ensure!(status.success(), "`wasmtime compile` failed");
    Ok(())
}
