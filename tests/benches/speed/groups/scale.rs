//! From one function to ten thousand: what each costs at rest, how long a host with all of them takes to
//! start, and how many requests it answers.

use std::time::Instant;

use anyhow::Result;
use ottavo_test_support::{TestHost, program};
use tempfile::TempDir;

use crate::contender::{self, Contender};
use crate::hello;
use crate::load::Load;
use crate::plan::Plan;
use crate::stamp::stamped;
use crate::table::{Goal, Row, Table};

/// How many of them are components of their own; those beyond share them. Each takes a compilation.
const COMPONENTS: usize = 100;

const MIB: f64 = (1 << 20) as f64;
const KIB: f64 = 1024.0;

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    let sizes = [1, 10, 100, 1000, 10_000].into_iter().filter(|size| *size <= plan.functions);
    let mut rows = Vec::new();
    let empty = hello::host().await?;
    let alone = empty.resident_bytes()? as f64;
    rows.push(one("host without functions", "MiB", alone / MIB, Goal::AtMost(25.0)));
    drop(empty);
    let (mut contenders, mut hosts) = (Vec::new(), Vec::new());
    for size in sizes {
        let begun = Instant::now();
        let folder = deployed(size).await?;
        eprintln!("  {size} functions deployed in {:.1} s", begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let host = TestHost::builder().engine("").folder(folder).start().await?;
        let start = begun.elapsed().as_secs_f64() * 1e3;
        let goal = if size == 1000 { Goal::AtMost(1000.0) } else { Goal::None };
        rows.push(one(&format!("start with {size}"), "ms", start, goal));
        let rest = host.resident_bytes()? as f64;
        rows.push(one(&format!("memory with {size}"), "MiB", rest / MIB, Goal::None));
        let load = load(&host, size);
        load.run(plan.warm_up)?;
        if size >= 100 {
            let each = (rest - alone) / KIB / size as f64;
            rows.push(one(
                &format!("each of {size}, not called yet"),
                "KiB",
                each,
                Goal::AtMost(100.0),
            ));
            let all = Load { connections: 1, ..load.clone() };
            call_all(&all, size)?;
            let each = (host.resident_bytes()? as f64 - alone) / KIB / size as f64;
            rows.push(one(&format!("each of {size}, all called"), "KiB", each, Goal::None));
        }
        let mut add = |name: &str, paths: Vec<String>| {
            let load = Load { paths, ..load.clone() };
            contenders.push(Contender::new(name, load, hello::server(&host)));
        };
        add(&format!("one of {size}"), load.paths[..1].to_vec());
        if size > COMPONENTS {
            let alike: Vec<_> = load.paths.iter().step_by(COMPONENTS).cloned().collect();
            add(&format!("{} of {size} in turns, one component", alike.len()), alike);
        }
        // of one, both are the same
        if size > 1 {
            add(&format!("{size} in turns"), load.paths.clone());
        }
        hosts.push(host);
    }
    tokio::task::block_in_place(|| contender::measure(&mut contenders, plan))?;
    for contender in &contenders[1..] {
        let work = format!("hello, functions: {}", contender.name);
        let beside = |figures| Some(("1 function".to_owned(), figures));
        rows.push(Row {
            work: work.clone(),
            unit: "answers/s",
            ours: contender.rates(),
            floor: beside(contenders[0].rates()),
            goal: Goal::AtLeast(0.9),
        });
        rows.push(Row {
            work,
            unit: "µs of CPU each",
            ours: contender.cpu(),
            floor: beside(contenders[0].cpu()),
            goal: Goal::None,
        });
    }
    rows.push(kept(plan).await?);
    let notes = vec![format!(
        "Up to {COMPONENTS} functions are components of their own, compiled each; beyond that, functions share them. \
         In turns means that each request is to another one than the request before: to code that the processor does not have in its \
         caches. Memory is that of the whole process (`VmRSS`), pages of files included."
    )];
    Ok(Table { title: "Many functions", rows, notes })
}

/// The folder of a host with so many functions.
async fn deployed(size: usize) -> Result<TempDir> {
    let host = hello::host().await?;
    let component = program("hello-rust")?;
    let mut files = Vec::new();
    for number in 0..size.min(COMPONENTS) {
        files.push(stamped(&component, host.folder(), &format!("{number}"))?);
    }
    for number in 0..size {
        let file = &files[number % files.len()];
        hello::deploy_file(&host, &format!("f{number}"), file, "").await?;
    }
    host.kill().await
}

fn load(host: &TestHost, size: usize) -> Load {
    let paths = (0..size).map(|number| format!("/f{number}/Ada")).collect();
    Load { paths, ..hello::load(host.http(), "f0") }
}

/// Asks each of them once at least.
fn call_all(load: &Load, size: usize) -> Result<()> {
    let mut asked = 0;
    while asked < size {
        asked += load.run(std::time::Duration::from_millis(200))?.took.len();
    }
    Ok(())
}

/// What an instance holds that waits for its next request.
async fn kept(plan: &Plan) -> Result<Row> {
    let host = hello::host().await?;
    hello::deploy(&host, "kept", "hello-rust", "reuse = { calls = 1000000 }").await?;
    let load = hello::load(host.http(), "kept");
    Load { connections: 1, ..load.clone() }.run(plan.warm_up)?;
    let few = host.resident_bytes()? as f64;
    let many = 32;
    Load { connections: many, ..load }.run(plan.warm_up)?;
    let each = (host.resident_bytes()? as f64 - few) / KIB / (many - 1) as f64;
    Ok(one("each kept instance, with its connection", "KiB", each, Goal::AtMost(64.0)))
}

fn one(work: &str, unit: &'static str, figure: f64, goal: Goal) -> Row {
    Row { work: work.to_owned(), unit, ours: vec![figure], floor: None, goal }
}
