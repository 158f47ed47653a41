//! One function: its routes, its instances, and what stopped it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use super::counter::{Counter, Gauge, Held};
use super::delivery::{Deliveries, DeliveryOutcome, TriggerKind};
use super::histogram::Histogram;
use super::name::Metric;
use super::request::RouteMeter;
use super::text::Text;

/// What stopped a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Its CPU limit.
    Cpu,
    /// Its timeout.
    Timeout,
    /// Its memory limit, or that of the host.
    Memory,
    /// More handles than it may hold.
    Handles,
    /// More than one call of the host takes.
    HostCall,
    /// Its stack.
    Stack,
    /// A panic that said so.
    Panic,
    /// Any other trap.
    Trap,
    /// It ended its own process.
    Exit,
    /// The host could not run it.
    Host,
}

impl FaultKind {
    const ALL: [(FaultKind, &str); 10] = [
        (FaultKind::Cpu, "cpu"),
        (FaultKind::Timeout, "timeout"),
        (FaultKind::Memory, "memory"),
        (FaultKind::Handles, "handles"),
        (FaultKind::HostCall, "host-call"),
        (FaultKind::Stack, "stack"),
        (FaultKind::Panic, "panic"),
        (FaultKind::Trap, "trap"),
        (FaultKind::Exit, "exit"),
        (FaultKind::Host, "host"),
    ];
}

/// What is counted of one function, over all its versions.
#[derive(Debug)]
pub struct FunctionMeter {
    name: String,
    /// A route that no version has any more takes its meter with it.
    routes: Mutex<Vec<Weak<RouteMeter>>>,
    by_name: Arc<RouteMeter>,
    running: Gauge,
    waiting: Arc<Gauge>,
    started: Counter,
    refused: Counter,
    queued: Gauge,
    queue: Histogram,
    faults: [Counter; FaultKind::ALL.len()],
    deliveries: Deliveries,
}

impl FunctionMeter {
    pub(super) fn new(name: &str) -> FunctionMeter {
        FunctionMeter {
            name: name.to_owned(),
            routes: Mutex::default(),
            by_name: Arc::default(),
            running: Gauge::default(),
            waiting: Arc::default(),
            started: Counter::default(),
            refused: Counter::default(),
            queued: Gauge::default(),
            queue: Histogram::default(),
            faults: Default::default(),
            deliveries: Deliveries::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The meter of one of its routes, as long as somebody holds it.
    pub fn route(&self, route: &str) -> Arc<RouteMeter> {
        let mut routes = self.routes.lock();
        routes.retain(|known| known.strong_count() > 0);
        let known = routes.iter().filter_map(Weak::upgrade).find(|known| known.route() == route);
        known.unwrap_or_else(|| {
            let meter = Arc::new(RouteMeter::new(route));
            routes.push(Arc::downgrade(&meter));
            meter
        })
    }

    /// The meter of calls by its name.
    pub fn by_name(&self) -> &Arc<RouteMeter> {
        &self.by_name
    }

    /// A call runs for as long as this is held.
    pub fn running(&self) -> Held<&Gauge> {
        Held::one_of(&self.running)
    }

    /// An instance waits for as long as this is held.
    pub fn waiting(&self) -> Held<Arc<Gauge>> {
        Held::one_of(Arc::clone(&self.waiting))
    }

    /// An instance was made for a call.
    pub fn started(&self) {
        self.started.add();
    }

    /// There was no room for one.
    pub fn refused(&self) {
        self.refused.add();
    }

    /// A call waits for a place for as long as this is held.
    pub fn queued(&self) -> Held<&Gauge> {
        Held::one_of(&self.queued)
    }

    /// A call has waited for a place.
    pub fn waited(&self, time: Duration) {
        self.queue.observe(time);
    }

    /// A call was stopped.
    pub fn fault(&self, kind: FaultKind) {
        self.faults[kind as usize].add();
    }

    /// A delivery of an event has ended.
    pub fn delivered(&self, trigger: TriggerKind, outcome: DeliveryOutcome) {
        self.deliveries.add(trigger, outcome);
    }

    pub(super) fn write(&self, metric: Metric, text: &mut Text) {
        let name = self.name.as_str();
        match metric {
            Metric::Requests | Metric::RequestDuration => {
                self.by_name.write(name, metric, text);
                let mut routes: Vec<_> =
                    self.routes.lock().iter().filter_map(Weak::upgrade).collect();
                routes.sort_by(|a, b| a.route().cmp(b.route()));
                routes.iter().for_each(|route| route.write(name, metric, text));
            }
            Metric::InstancesRunning => text.sample(metric, &[name], self.running.get()),
            Metric::InstancesWaiting => text.sample(metric, &[name], self.waiting.get()),
            Metric::InstancesStarted => text.sample(metric, &[name], self.started.get()),
            Metric::InstancesRefused => text.sample(metric, &[name], self.refused.get()),
            Metric::CallsQueued => text.sample(metric, &[name], self.queued.get()),
            Metric::QueueDuration if self.queue.snapshot().count > 0 => {
                text.histogram(metric, &[name], &self.queue);
            }
            Metric::Faults => {
                for (kind, kind_name) in FaultKind::ALL {
                    let count = self.faults[kind as usize].get();
                    if count > 0 {
                        text.sample(metric, &[name, kind_name], count);
                    }
                }
            }
            Metric::Deliveries => self.deliveries.write(name, text),
            _ => {}
        }
    }
}
