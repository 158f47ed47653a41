//! Asks every store how it is, again and again.
//!
//! On the host's own runtime and not on the actuator's: what a driver starts to answer, such as a
//! connection, has to live where its calls do.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use ottavo_core::context::new_request_id;
use ottavo_core::units::Span;
use ottavo_core::{CallContext, Caller, Clock, Result, Shutdown};
use ottavo_registry::{StoreInfo, Stores};
use ottavo_telemetry::metrics::StoreMeter;
use ottavo_telemetry::{Metrics, field};
use tokio::sync::oneshot;
use tokio::time::{Instant, MissedTickBehavior};

use super::health::{Health, Turn};

/// How long a store may take to answer; then it is down.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keeps `health` and `metrics` informed about the stores, every `interval`, until `shutdown` begins.
/// What comes back resolves when all stores have been asked once.
pub fn probe(
    stores: Arc<Stores>,
    health: Health,
    metrics: &Metrics,
    clock: Arc<dyn Clock>,
    interval: Span,
    shutdown: &Shutdown,
) -> oneshot::Receiver<()> {
    let infos = stores.infos();
    health.set_stores(infos.clone());
    let meter = |info: &StoreInfo| metrics.store(info.block, info.name.as_str(), info.driver);
    let meters = infos.iter().map(meter).collect();
    let probe = Probe { stores, infos, meters, health, clock };
    let (first, asked) = oneshot::channel();
    let until = shutdown.clone();
    shutdown.spawn("store health", async move {
        tokio::select! {
            () = probe.run(interval.0, first) => {}
            () = until.begun() => {}
        }
    });
    asked
}

struct Probe {
    stores: Arc<Stores>,
    infos: Vec<StoreInfo>,
    meters: Vec<Arc<StoreMeter>>,
    health: Health,
    clock: Arc<dyn Clock>,
}

impl Probe {
    /// Each store by itself: one that takes its time to answer holds up no other.
    async fn run(&self, interval: Duration, first: oneshot::Sender<()>) {
        let places = 0..self.infos.len();
        join_all(places.clone().map(|place| self.ask(place))).await;
        // nobody may wait for it any more
        let _gone = first.send(()).is_err();
        join_all(places.map(|place| self.ask_again(place, interval))).await;
    }

    async fn ask_again(&self, place: usize, interval: Duration) -> Infallible {
        let mut ticks = tokio::time::interval_at(Instant::now() + interval, interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.ask(place).await;
        }
    }

    async fn ask(&self, place: usize) {
        let cx = CallContext::new(new_request_id(), Caller::Anonymous, PATIENCE);
        let answer = self.stores.health(place, &cx).await;
        self.note(place, &answer);
    }

    fn note(&self, place: usize, answer: &Result<()>) {
        let now = self.clock.now();
        self.meters[place].set_up(answer.is_ok());
        let StoreInfo { block, name, driver, .. } = &self.infos[place];
        match (self.health.told(place, now, answer), answer) {
            (Some(Turn::Down), Err(error)) => tracing::warn!(
                { field::BLOCK } = block,
                { field::STORE } = %name,
                { field::DRIVER } = driver,
                { field::KIND } = error.kind().name(),
                { field::ERROR } = ?error,
                "a store is down"
            ),
            (Some(Turn::Up(since)), _) => tracing::info!(
                { field::BLOCK } = block,
                { field::STORE } = %name,
                { field::DRIVER } = driver,
                away = ?Duration::from_millis(now.saturating_sub(since)),
                "a store is up again"
            ),
            _ => {}
        }
    }
}
