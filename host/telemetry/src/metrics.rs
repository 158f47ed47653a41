//! What a host counts: requests, instances, faults, deliveries, calls of blocks, deploys.
//!
//! Invariants: who counts holds a meter that was found beforehand, so that counting is a few atomic
//! additions, without a lock, a lookup or an allocation. Labels come from what is deployed and
//! configured, never from a request, so that the number of series has a bound. Nothing is global:
//! [`Metrics`] is one host's, passed down.
//!
//! Absent: any library for it. Those at hand lock a histogram for each observation and find a series
//! by its labels; what is left of them would be the text form, which is a page (`text.rs`).

mod counter;
mod delivery;
mod function;
mod histogram;
mod name;
mod process;
mod request;
mod store;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

pub use counter::{Gauge, Held};
pub use delivery::{DeliveryOutcome, TriggerKind};
pub use function::{FaultKind, FunctionMeter};
pub use name::{Label, Metric};
pub use request::{Measure, RouteMeter};
pub use store::{StoreMeter, Watch};

use counter::Counter;
use process::Process;
use text::Text;

/// The media type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What one host counts. Cheap to clone.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// By name; a function that is gone takes its meter with it.
    functions: Mutex<BTreeMap<String, Weak<FunctionMeter>>>,
    unrouted: Arc<RouteMeter>,
    stores: Mutex<Vec<Arc<StoreMeter>>>,
    deploys: [Counter; DeployOutcome::ALL.len()],
    process: Process,
}

/// How a deploy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeployOutcome {
    /// A new version answers.
    Deployed,
    /// Exactly this was deployed already.
    Unchanged,
    /// It was refused, or could not be written.
    Failed,
}

impl DeployOutcome {
    const ALL: [(DeployOutcome, &str); 3] = [
        (DeployOutcome::Deployed, "deployed"),
        (DeployOutcome::Unchanged, "unchanged"),
        (DeployOutcome::Failed, "failed"),
    ];
}

impl Metrics {
    /// Nothing is counted yet.
    pub fn new() -> Metrics {
        Metrics::default()
    }

    /// The meter of a function: the same for all its versions, as long as one of them lives.
    pub fn function(&self, name: &str) -> Arc<FunctionMeter> {
        let mut functions = self.0.functions.lock();
        if let Some(known) = functions.get(name).and_then(Weak::upgrade) {
            return known;
        }
        // now and then, so that names which come and go leave nothing behind
        if functions.len().is_power_of_two() {
            functions.retain(|_, meter| meter.strong_count() > 0);
        }
        let meter = Arc::new(FunctionMeter::new(name));
        functions.insert(name.to_owned(), Arc::downgrade(&meter));
        meter
    }

    /// The meter of requests that reach no function.
    pub fn unrouted(&self) -> &Arc<RouteMeter> {
        &self.0.unrouted
    }

    /// The meter of a store.
    pub fn store(&self, block: &'static str, name: &str, driver: &'static str) -> Arc<StoreMeter> {
        let mut stores = self.0.stores.lock();
        if let Some(known) = stores.iter().find(|meter| meter.is_of(block, name)) {
            return Arc::clone(known);
        }
        let meter = Arc::new(StoreMeter::new(block, name, driver));
        stores.push(Arc::clone(&meter));
        meter
    }

    /// A deploy has ended.
    pub fn deployed(&self, outcome: DeployOutcome) {
        self.0.deploys[outcome as usize].add();
    }

    /// Everything in the text form of Prometheus, one line a sample.
    pub fn text(&self) -> String {
        let mut functions: Vec<_> =
            self.0.functions.lock().values().filter_map(Weak::upgrade).collect();
        functions.sort_by(|a, b| a.name().cmp(b.name()));
        let stores = self.0.stores.lock().clone();
        let mut text = Text::default();
        for metric in Metric::all() {
            text.family(metric);
            self.0.unrouted.write("", metric, &mut text);
            functions.iter().for_each(|function| function.write(metric, &mut text));
            stores.iter().for_each(|store| store.write(metric, &mut text));
            if metric == Metric::Deploys {
                for (outcome, name) in DeployOutcome::ALL {
                    text.sample(metric, &[name], self.0.deploys[outcome as usize].get());
                }
            }
            self.0.process.write(metric, &mut text);
        }
        text.into_string()
    }
}

#[cfg(test)]
mod tests;
