//! What each block's call costs through each door, beside the vendor's own client: microseconds a call,
//! one caller, one call after the other. Run by `cargo xtask bench`; machines differ, so compare only
//! what stands in one row.

#![expect(clippy::print_stdout, reason = "a table is what this is for")]
#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

mod grpc;
mod guest;
mod measure;
mod own;
mod raw;
mod rows;
mod scene;

use measure::measure;
use scene::Scene;

const TITLES: [&str; 4] = ["raw client", "driver", "gRPC", "function"];

#[tokio::main]
async fn main() {
    let scene = Scene::set().await;
    rows::prepare(&scene).await;
    println!("| call | store | {} |\n|---|---|{}", TITLES.join(" | "), "---:|".repeat(4));
    for row in rows::all(&scene) {
        let measured = measure(&row.columns).await;
        let cells = TITLES.iter().map(|title| {
            let found = row.columns.iter().position(|column| column.title == *title);
            found.map_or("-".to_owned(), |at| {
                let [median, least, most] = measured[at];
                let of = |micros: f64| {
                    if micros < 10.0 { format!("{micros:.2}") } else { format!("{micros:.0}") }
                };
                format!("{} ({}-{})", of(median), of(least), of(most))
            })
        });
        println!("| {} | {} | {} |", row.call, row.store, cells.collect::<Vec<_>>().join(" | "));
    }
}
