//! Deliveries of events to one function, by what they came through and how they ended.

use super::counter::Counter;
use super::name::Metric;
use super::text::Text;

/// What an event came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerKind {
    /// A subscription.
    Subscribe,
    /// A schedule.
    Schedule,
    /// Configuration that is watched.
    Watch,
    /// A binding through which things come in.
    Binding,
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The function was done with the event.
    Success,
    /// The event is delivered again.
    Retry,
    /// Dropped or given up, it went to the dead-letter topic.
    DeadLettered,
    /// Dropped or given up, it went nowhere.
    Lost,
    /// The end of the host came first: it went back.
    Released,
    /// The store did not take what became of it: it may come again.
    Unsettled,
}

const TRIGGERS: [TriggerKind; 4] =
    [TriggerKind::Subscribe, TriggerKind::Schedule, TriggerKind::Watch, TriggerKind::Binding];

const OUTCOMES: [(DeliveryOutcome, &str); 6] = [
    (DeliveryOutcome::Success, "success"),
    (DeliveryOutcome::Retry, "retry"),
    (DeliveryOutcome::DeadLettered, "dead-lettered"),
    (DeliveryOutcome::Lost, "lost"),
    (DeliveryOutcome::Released, "released"),
    (DeliveryOutcome::Unsettled, "unsettled"),
];

impl TriggerKind {
    /// As functions and metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            TriggerKind::Subscribe => "subscribe",
            TriggerKind::Schedule => "schedule",
            TriggerKind::Watch => "watch",
            TriggerKind::Binding => "binding",
        }
    }
}

/// The deliveries to one function.
#[derive(Debug, Default)]
pub(super) struct Deliveries([[Counter; OUTCOMES.len()]; TRIGGERS.len()]);

impl Deliveries {
    pub(super) fn add(&self, trigger: TriggerKind, outcome: DeliveryOutcome) {
        self.0[trigger as usize][outcome as usize].add();
    }

    pub(super) fn write(&self, function: &str, text: &mut Text) {
        for trigger in TRIGGERS {
            for (outcome, name) in OUTCOMES {
                let count = self.0[trigger as usize][outcome as usize].get();
                if count > 0 {
                    text.sample(Metric::Deliveries, &[function, trigger.as_str(), name], count);
                }
            }
        }
    }
}
