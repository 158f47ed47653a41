//! How long an event waits that is to be delivered again.

use std::time::Duration;

use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::findings::Findings;

/// `backoff`: the wait before the second delivery, doubled before each further one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Backoff {
    /// Before the second delivery. Default `1s`.
    pub first: Span,
    /// At most. Default `5m`.
    pub most: Span,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff { first: Span::secs(1), most: Span::secs(300) }
    }
}

impl Backoff {
    /// The longest wait that is taken.
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

    /// The wait after the delivery of this number, the first one being 1.
    pub fn after(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        self.first.0.saturating_mul(1 << doublings).min(self.most.0)
    }

    pub(crate) fn check(&self, path: &str, found: &mut Findings) {
        let Backoff { first, most } = self;
        if most.0 > Backoff::LONGEST || first > most {
            let message = format!(
                "is from {first} to {most}: `first` is at most `most`, which is at most 1day"
            );
            found.add(format!("{path}.backoff"), message);
        }
    }

    pub(crate) fn is_default(&self) -> bool {
        *self == Backoff::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_most() {
        let backoff = Backoff { first: Span::secs(2), most: Span::secs(9) };
        let waits: Vec<_> = [1, 2, 3, 4, u32::MAX].map(|n| backoff.after(n).as_secs()).into();
        assert_eq!(waits, [2, 4, 8, 9, 9]);
        assert_eq!(Backoff::default().after(9).as_secs(), 256);
    }
}
