//! One delivery of one event: the call, and what follows from its end.

use std::time::Duration;

use ottavo_core::context::new_request_id;
use ottavo_core::{Clock as _, FunctionName, SystemClock};
use ottavo_imports::{Event, Outcome};
use ottavo_manifest::Backoff;
use ottavo_telemetry::metrics::{DeliveryOutcome, TriggerKind};
use ottavo_telemetry::{GuestEntry, Level};

use crate::version::Version;
use crate::{Failure, Functions};

/// How often an event is delivered, and when again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) trigger: TriggerKind,
    pub(super) max_deliveries: u32,
    pub(super) backoff: Backoff,
}

/// What is to become of an event after a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It is done with.
    Done,
    /// It is delivered again, not before this has passed.
    Again(Duration),
    /// It is never delivered again, and why.
    GivenUp(String),
    /// Nothing of the function has run, through no fault of the event's: the same delivery is to be
    /// tried again a little later.
    NotNow(Duration),
}

/// The wait before a delivery is tried again that the host had no room for.
const NO_ROOM: Duration = Duration::from_secs(1);

/// The longest wait that a handler can ask for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Policy {
    /// Delivers `event` to the version that answers now.
    pub(super) async fn attempt(
        &self,
        functions: &Functions,
        name: &FunctionName,
        event: &Event,
    ) -> Ended {
        let Ok(target) = functions.by_name(name.as_str()) else {
            // it was deleted: whoever waits for this is about to stop
            return Ended::NotNow(NO_ROOM);
        };
        let version = &target.0;
        if event.attempt > self.max_deliveries {
            // the last one ended with its host
            return Ended::GivenUp("the host stopped during the last delivery".to_owned());
        }
        let most = version.info.limits.body;
        if event.data.len() as u64 > most.0 {
            let size = event.data.len();
            return Ended::GivenUp(format!("{size} bytes of data, where `limits.body` is {most}"));
        }
        let id = new_request_id();
        let (after, why) = match version.receive(&id, event).await {
            Ok(Outcome::Success) => {
                version.meter.delivered(self.trigger, DeliveryOutcome::Success);
                return Ended::Done;
            }
            Ok(Outcome::Drop(reason)) => {
                self.tell(version, &id, event, &format!("it is dropped: {reason}"));
                return Ended::GivenUp(reason);
            }
            Ok(Outcome::Retry(after)) => (after, "the function asked for that".to_owned()),
            Err(Failure { refused: true, .. }) => return Ended::NotNow(jittered(NO_ROOM)),
            Err(failure) => (None, failure.error.message().to_owned()),
        };
        if event.attempt >= self.max_deliveries {
            self.tell(version, &id, event, &format!("it is given up: {why}"));
            return Ended::GivenUp(why);
        }
        version.meter.delivered(self.trigger, DeliveryOutcome::Retry);
        let after = match after {
            Some(millis) => Duration::from_millis(millis).min(LONGEST),
            None => jittered(self.backoff.after(event.attempt)),
        };
        let shown = Duration::from_millis(u64::try_from(after.as_millis()).unwrap_or_default());
        let shown = humantime::format_duration(shown);
        self.tell(version, &id, event, &format!("it comes again in {shown}: {why}"));
        Ended::Again(after)
    }

    /// Whoever reads the function's log finds there what was not a success.
    fn tell(&self, version: &Version, request_id: &str, event: &Event, what: &str) {
        let (attempt, most) = (event.attempt, self.max_deliveries);
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        version.log.keep(GuestEntry {
            at: SystemClock.now(),
            level: Level::Warn,
            message: format!("an event was not handled on delivery {attempt} of {most}; {what}"),
            fields: vec![
                field("event", &event.id),
                field("origin", &event.origin),
                field("topic", &event.topic),
            ],
            request_id: request_id.to_owned(),
            version: version.info.version,
        });
    }
}

/// The wait, a fifth longer or shorter, so that many that failed together do not come together.
pub(super) fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(0.8 + 0.4 * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_fifth() {
        for _ in 0..1000 {
            let wait = jittered(Duration::from_secs(10));
            assert!((Duration::from_secs(8)..=Duration::from_secs(12)).contains(&wait), "{wait:?}");
        }
    }
}
