//! What is measured together.

mod calls;
mod durable;
mod events;
mod grpc;
mod hello;
mod latency;
mod scale;
mod size;
mod start;

use anyhow::{Result, bail};

use crate::plan::Plan;
use crate::table::Table;

/// In the order of the tables.
pub(crate) const NAMES: [&str; 9] =
    ["hello", "latency", "grpc", "durable", "events", "calls", "start", "scale", "size"];

/// Measures one.
pub(crate) async fn run(name: &str, plan: &Plan) -> Result<Table> {
    match name {
        "hello" => hello::measure(plan).await,
        "latency" => latency::measure(plan).await,
        "grpc" => grpc::measure(plan).await,
        "durable" => durable::measure(plan).await,
        "events" => events::measure(plan).await,
        "calls" => calls::measure(plan).await,
        "start" => start::measure(plan).await,
        "scale" => scale::measure(plan).await,
        "size" => size::measure(),
        other => bail!("no group is called `{other}`"),
    }
}
