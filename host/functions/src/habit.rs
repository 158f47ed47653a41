//! Whether the calls of a version compute: learnt from those before.
//!
//! A call that computes for a few milliseconds is over before the epoch's tick, and by then has kept all
//! others of its thread waiting. What is known to do so begins where nobody waits for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What calls of this length on average are said to compute. To begin elsewhere costs some ten
/// microseconds.
const COMPUTES: Duration = Duration::from_millis(1);

/// The weight of one call in the average: one in so many.
const WEIGHT: u64 = 8;

/// The time that calls took to compute, on average of the last ones.
#[derive(Default)]
pub(crate) struct Habit(AtomicU64);

impl Habit {
    /// A call has computed for so long. Of calls that end together one may be left out.
    pub(crate) fn learn(&self, spent: Duration) {
        let spent = u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX);
        let before = self.0.load(Ordering::Relaxed);
        let after = before - before / WEIGHT + spent / WEIGHT;
        self.0.store(after, Ordering::Relaxed);
    }

    /// Whether the next one is likely to keep others waiting.
    pub(crate) fn computes(&self) -> bool {
        Duration::from_nanos(self.0.load(Ordering::Relaxed)) > COMPUTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_habit_is_what_many_calls_do() {
        let habit = Habit::default();
        assert!(!habit.computes());
        habit.learn(Duration::from_millis(5));
        assert!(!habit.computes(), "once is nothing");
        (0..8).for_each(|_| habit.learn(Duration::from_millis(5)));
        assert!(habit.computes());
        (0..20).for_each(|_| habit.learn(Duration::from_micros(50)));
        assert!(!habit.computes());
        habit.learn(Duration::MAX);
        (0..400).for_each(|_| habit.learn(Duration::ZERO));
        assert!(!habit.computes());
    }
}
