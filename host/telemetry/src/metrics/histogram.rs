//! How long things took, in buckets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::counter::Counter;

/// The upper bounds of the buckets, as labels and in nanoseconds. The last bucket has none.
const BOUNDS: [(&str, u64); 16] = [
    ("0.0001", 100_000),
    ("0.00025", 250_000),
    ("0.0005", 500_000),
    ("0.001", 1_000_000),
    ("0.0025", 2_500_000),
    ("0.005", 5_000_000),
    ("0.01", 10_000_000),
    ("0.025", 25_000_000),
    ("0.05", 50_000_000),
    ("0.1", 100_000_000),
    ("0.25", 250_000_000),
    ("0.5", 500_000_000),
    ("1", 1_000_000_000),
    ("2.5", 2_500_000_000),
    ("5", 5_000_000_000),
    ("10", 10_000_000_000),
];

/// Observations by how long they took.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    buckets: [Counter; BOUNDS.len() + 1],
    /// Together, in nanoseconds: enough for five centuries.
    sum: AtomicU64,
}

/// What a histogram holds at one moment.
pub(super) struct Snapshot {
    /// The bounds, each with the number of observations up to it; the last is `+Inf`.
    pub(super) up_to: Vec<(&'static str, u64)>,
    pub(super) sum: Duration,
    pub(super) count: u64,
}

impl Histogram {
    pub(super) fn observe(&self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.partition_point(|(_, bound)| *bound < nanos);
        self.buckets[bucket].add();
        self.sum.fetch_add(nanos, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let mut count = 0;
        let bounds = BOUNDS.iter().map(|(label, _)| *label).chain(["+Inf"]);
        let up_to = bounds.zip(&self.buckets).map(|(label, bucket)| {
            count += bucket.get();
            (label, count)
        });
        let up_to = up_to.collect();
        Snapshot { up_to, sum: Duration::from_nanos(self.sum.load(Ordering::Relaxed)), count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_is_in_its_bucket_and_all_that_follow() {
        let histogram = Histogram::default();
        for nanos in [0, 100_000, 100_001, 20_000_000_000] {
            histogram.observe(Duration::from_nanos(nanos));
        }
        let Snapshot { up_to, sum, count } = histogram.snapshot();
        assert_eq!(count, 4);
        assert_eq!(sum, Duration::from_nanos(20_000_200_001));
        assert_eq!(up_to[..2], [("0.0001", 2), ("0.00025", 3)]);
        assert_eq!(up_to[15..], [("10", 3), ("+Inf", 4)]);
    }

    #[test]
    fn the_labels_say_what_the_bounds_are() {
        for (label, nanos) in BOUNDS {
            let seconds: f64 = label.parse().expect("a number");
            assert_eq!(Duration::from_secs_f64(seconds), Duration::from_nanos(nanos), "{label}");
        }
    }
}
