//! How long a request takes: alone, and at half the rate that there can be.

use anyhow::Result;

use crate::contender::{self, Contender};
use crate::floors::Floor;
use crate::hello;
use crate::load::Load;
use crate::plan::Plan;
use crate::table::{Goal, Row, Table};

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    let host = hello::host().await?;
    hello::deploy(&host, "rust", "hello-rust", "").await?;
    let floor = Floor::start("hyper", &[]).await?;
    tokio::task::block_in_place(|| {
        let contenders = |load: &dyn Fn(Load) -> Load| -> Result<[Contender; 2]> {
            let ours = load(hello::load(host.http(), "rust"));
            let raw = load(hello::load(floor.address, "any"));
            let ours = Contender::new("ours", ours, hello::server(&host));
            Ok([ours, Contender::new("raw hyper", raw, floor.server()?)])
        };
        let mut alone = contenders(&|load| Load { connections: 1, ..load })?;
        contender::measure(&mut alone, plan)?;
        let mut rows = vec![
            row("one request after the other, p50", &alone, 0.5, Goal::None),
            row("one request after the other, p99", &alone, 0.99, Goal::None),
        ];
        let mut most = contenders(&|load| load)?;
        contender::measure(&mut most, plan)?;
        let half = |name: &str| {
            let of = most.iter().find(|contender| contender.name == name);
            of.map(|contender| half(&contender.rates()))
        };
        // each at half of its own: what a person sees who has sized the machine twice too large
        let mut busy = contenders(&|load| load)?;
        for contender in &mut busy {
            contender.load.rate = half(&contender.name);
        }
        contender::measure(&mut busy, plan)?;
        for (part, goal) in [(0.5, Goal::None), (0.99, Goal::AtMost(3.0)), (0.999, Goal::None)] {
            let work = format!("at half the most, p{}", part * 100.0);
            rows.push(row(&work, &busy, part, goal));
        }
        let notes = vec![format!(
            "Half the most: {:.0} requests a second of ours, {:.0} of raw hyper, over 32 connections, at even distances; \
             a time counts from when its request was due.",
            busy[0].load.rate.unwrap_or_default(),
            busy[1].load.rate.unwrap_or_default(),
        )];
        Ok(Table { title: "Time of a request", rows, notes })
    })
}

fn half(rates: &[f64]) -> f64 {
    let mut sorted = rates.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2] / 2.0
}

fn row(work: &str, [ours, raw]: &[Contender; 2], part: f64, goal: Goal) -> Row {
    Row {
        work: work.to_owned(),
        unit: "µs",
        ours: ours.within(part),
        floor: Some((raw.name.clone(), raw.within(part))),
        goal,
    }
}
