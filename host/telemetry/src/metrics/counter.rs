//! A number that only grows, and one that goes up and down.

use std::ops::Deref;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// How often something has happened.
#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many there are now.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

impl Gauge {
    pub(super) fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }
}

/// Counts as one in a gauge for as long as it lives.
#[derive(Debug)]
pub struct Held<G: Deref<Target = Gauge>>(G);

impl<G: Deref<Target = Gauge>> Held<G> {
    /// One more.
    pub fn one_of(gauge: G) -> Held<G> {
        gauge.0.fetch_add(1, Ordering::Relaxed);
        Held(gauge)
    }
}

impl<G: Deref<Target = Gauge>> Drop for Held<G> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
