//! One schedule: calls its function when it is due.
//!
//! One call at a time: what becomes due meanwhile, or while the host is down, is left out. Each host
//! calls: the event's id is the same on all of them.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use ottavo_core::FunctionName;
use ottavo_core::clock::UnixMillis;
use ottavo_imports::Event;
use ottavo_manifest::Schedule;
use ottavo_telemetry::field;
use ottavo_telemetry::metrics::{DeliveryOutcome, TriggerKind};

use super::attempt::{Ended, Policy};
use super::trigger::Halt;
use crate::Functions;

/// How often the clock is looked at while nothing is due: somebody may set it.
const LOOK: Duration = Duration::from_secs(15);

/// The type of the event.
const KIND: &str = "dev.ottavo.schedule.due";

/// One schedule of one function.
pub(super) struct Task {
    pub(super) functions: Arc<Functions>,
    pub(super) function: FunctionName,
    pub(super) schedule: Schedule,
    pub(super) halt: Halt,
}

impl Task {
    pub(super) async fn run(self) {
        let mut before = self.functions.clock.now();
        while let Some(due) = self.schedule.next_after(before) {
            tokio::select! {
                () = self.until(due) => {}
                () = self.halt.soon() => return,
            }
            tokio::select! {
                () = self.call(due) => {}
                () = self.halt.now() => return self.count(DeliveryOutcome::Released),
            }
            // a clock that was set back must not repeat what was called
            before = self.functions.clock.now().max(due);
        }
    }

    async fn until(&self, due: UnixMillis) {
        loop {
            let left = Duration::from_millis(due.saturating_sub(self.functions.clock.now()));
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK)).await;
        }
    }

    /// Calls the function until it is done, or given up.
    async fn call(&self, due: UnixMillis) {
        let Schedule { max_deliveries, backoff, .. } = self.schedule;
        let policy = Policy { trigger: TriggerKind::Schedule, max_deliveries, backoff };
        let mut event = self.event(due);
        loop {
            let ended = policy.attempt(&self.functions, &self.function, &event).await;
            let wait = match ended {
                Ended::Done => return,
                Ended::GivenUp(_) => return self.count(DeliveryOutcome::Lost),
                Ended::Again(wait) => {
                    event.attempt += 1;
                    wait
                }
                Ended::NotNow(wait) => wait,
            };
            let until = self.functions.clock.now().saturating_add(wait.as_millis() as UnixMillis);
            if self.schedule.next_after(due).is_some_and(|next| next <= until) {
                let Task { function, schedule, .. } = self;
                tracing::warn!(
                    { field::FUNCTION } = %function,
                    schedule = schedule.name,
                    "was not done when it was due again, and is given up until then"
                );
                return self.count(DeliveryOutcome::Lost);
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.halt.soon() => return self.count(DeliveryOutcome::Released),
            }
        }
    }

    fn event(&self, due: UnixMillis) -> Event {
        let time = UNIX_EPOCH + Duration::from_millis(due);
        let time = humantime::format_rfc3339_millis(time).to_string();
        Event {
            id: time.clone(),
            source: format!("/functions/{}/schedules/{}", self.function, self.schedule.name),
            type_: KIND.to_owned(),
            subject: None,
            time: Some(time),
            content_type: "application/octet-stream".to_owned(),
            trigger: TriggerKind::Schedule.as_str().to_owned(),
            origin: self.schedule.name.clone(),
            topic: String::new(),
            data: Vec::new(),
            attempt: 1,
            attributes: Vec::new(),
        }
    }

    fn count(&self, outcome: DeliveryOutcome) {
        let meter = self.functions.host.metrics.function(self.function.as_str());
        meter.delivered(TriggerKind::Schedule, outcome);
    }
}
