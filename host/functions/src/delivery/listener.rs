//! One trigger whose store tells of changes: each is delivered, one at a time.
//!
//! The newest change of a subject takes the place of one that waits for another try. What is told
//! is not acknowledged: a host that ends forgets what waits.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use ottavo_core::{Error, FunctionName, Kind, Result};
use ottavo_imports::Event;
use ottavo_manifest::Manifest;
use ottavo_telemetry::field;
use ottavo_telemetry::metrics::{DeliveryOutcome, TriggerKind};
use tokio::sync::watch;
use tokio::time::Instant;

use super::attempt::{Ended, Policy, jittered};
use super::subscription::{FIRST_WAIT, LAST_WAIT};
use super::trigger::Halt;
use super::waiting::Waiting;
use crate::Functions;

/// The most events that wait for another try before nothing more is taken.
const MOST: usize = 1000;

/// What tells of changes.
pub(super) trait Source: Send + 'static {
    /// What its events come through.
    const KIND: TriggerKind;

    /// What it tells at a time.
    type Update: Send;

    /// Begins to listen.
    ///
    /// # Errors
    /// Those of the store.
    fn subscribe(
        &mut self,
        functions: &Functions,
        function: &FunctionName,
    ) -> impl Future<Output = Result<BoxStream<'static, Result<Self::Update>>>> + Send;

    /// The events of an update, each with its subject.
    fn learn(&mut self, functions: &Functions, update: Self::Update) -> Vec<(String, Event)>;

    /// How its events are delivered, as the manifest has it now; none when that knows it no more.
    fn policy(&self, manifest: &Manifest) -> Option<Policy>;

    /// For the host's log.
    fn place(&self) -> String;
}

/// The task of one trigger.
pub(super) struct Listener<S> {
    pub(super) functions: Arc<Functions>,
    pub(super) function: FunctionName,
    pub(super) source: S,
    pub(super) halt: Halt,
    pub(super) ready: watch::Sender<bool>,
    pub(super) waiting: Waiting,
}

/// That the task is to end.
struct Halted;

impl<S: Source> Listener<S> {
    pub(super) async fn run(mut self) {
        let mut wait = FIRST_WAIT;
        loop {
            let begun = Instant::now();
            let Err(error) = self.listen().await else { break };
            // one that worked for a while begins anew
            wait = if begun.elapsed() > LAST_WAIT { FIRST_WAIT } else { (wait * 2).min(LAST_WAIT) };
            let place = self.source.place();
            tracing::warn!(
                { field::FUNCTION } = %self.function, place, %error, again_in = ?wait,
                "a trigger gets no events"
            );
            let until = Instant::now() + jittered(wait);
            if self.deliver_until(until).await.is_err() {
                break;
            }
        }
        for _ in 0..self.waiting.len() {
            self.count(DeliveryOutcome::Released);
        }
    }

    /// Listens until it is to stop.
    ///
    /// # Errors
    /// Those of the store.
    async fn listen(&mut self) -> Result<()> {
        let halt = self.halt.clone();
        let subscribed = tokio::select! {
            subscribed = self.source.subscribe(&self.functions, &self.function) => subscribed,
            () = halt.soon() => return Ok(()),
        };
        let mut updates = subscribed?;
        self.ready.send_replace(true);
        loop {
            let room = self.waiting.len() < MOST;
            tokio::select! {
                () = halt.soon() => return Ok(()),
                update = updates.next(), if room => {
                    let ended = || Error::new(Kind::Unavailable, "the store tells no more");
                    let update = update.ok_or_else(ended)??;
                    for (subject, event) in self.source.learn(&self.functions, update) {
                        self.waiting.put(subject, event, Instant::now());
                    }
                }
                () = self.waiting.due() => {
                    if self.deliver().await.is_err() {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Delivers what is due while there is nothing to listen to.
    async fn deliver_until(&mut self, until: Instant) -> Result<(), Halted> {
        let halt = self.halt.clone();
        loop {
            tokio::select! {
                () = halt.soon() => return Err(Halted),
                () = tokio::time::sleep_until(until) => return Ok(()),
                () = self.waiting.due() => self.deliver().await?,
            }
        }
    }

    /// Delivers the event that is due first.
    async fn deliver(&mut self) -> Result<(), Halted> {
        let Some((subject, mut event)) = self.waiting.take() else { return Ok(()) };
        let target = self.functions.by_name(self.function.as_str());
        let Some(policy) =
            target.ok().and_then(|target| self.source.policy(&target.0.record.manifest))
        else {
            // its version is gone: this task is about to end
            self.waiting.put(subject, event, Instant::now() + FIRST_WAIT);
            return Ok(());
        };
        let ended = tokio::select! {
            ended = policy.attempt(&self.functions, &self.function, &event) => ended,
            () = self.halt.now() => {
                self.count(DeliveryOutcome::Released);
                return Err(Halted);
            }
        };
        let wait = match ended {
            Ended::Done => return Ok(()),
            Ended::GivenUp(_) => {
                self.count(DeliveryOutcome::Lost);
                return Ok(());
            }
            Ended::Again(wait) => {
                event.attempt += 1;
                wait
            }
            Ended::NotNow(wait) => wait,
        };
        self.waiting.put(subject, event, Instant::now() + wait);
        Ok(())
    }

    fn count(&self, outcome: DeliveryOutcome) {
        let meter = self.functions.host.metrics.function(self.function.as_str());
        meter.delivered(S::KIND, outcome);
    }
}
