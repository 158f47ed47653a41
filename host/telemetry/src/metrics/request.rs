//! Requests of one route.

use std::sync::Arc;
use std::time::Duration;

use super::counter::Counter;
use super::histogram::Histogram;
use super::name::Metric;
use super::text::Text;

/// The methods that are told apart. A client may make up others.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];

/// The classes of statuses, and what becomes of a request whose client does not wait.
const STATUSES: [&str; 5] = ["2xx", "3xx", "4xx", "5xx", "gone"];
const GONE: usize = STATUSES.len() - 1;

/// The requests of one route, or of everything that has none.
#[derive(Debug, Default)]
pub struct RouteMeter {
    route: String,
    answers: [[Counter; STATUSES.len()]; METHODS.len()],
    took: Histogram,
}

impl RouteMeter {
    pub(super) fn new(route: &str) -> RouteMeter {
        RouteMeter { route: route.to_owned(), ..RouteMeter::default() }
    }

    pub(super) fn route(&self) -> &str {
        &self.route
    }

    /// A request has come.
    pub fn begin(self: Arc<Self>, method: &str) -> Measure {
        let method = METHODS.iter().position(|known| *known == method);
        Measure { route: self, method: method.unwrap_or(METHODS.len() - 1), open: true }
    }

    pub(super) fn write(&self, function: &str, metric: Metric, text: &mut Text) {
        match metric {
            Metric::Requests => {
                for (method, answers) in METHODS.iter().zip(&self.answers) {
                    for (status, count) in STATUSES.iter().zip(answers) {
                        let count = count.get();
                        if count > 0 {
                            text.sample(metric, &[function, &self.route, method, status], count);
                        }
                    }
                }
            }
            Metric::RequestDuration if self.took.snapshot().count > 0 => {
                text.histogram(metric, &[function, &self.route], &self.took);
            }
            _ => {}
        }
    }
}

/// A request under way. Dropped without an answer, its client is gone.
pub struct Measure {
    route: Arc<RouteMeter>,
    method: usize,
    open: bool,
}

impl Measure {
    /// It was answered.
    pub fn answered(mut self, status: u16, took: Duration) {
        self.open = false;
        let class = usize::from(status / 100).clamp(2, 5) - 2;
        self.route.answers[self.method][class].add();
        self.route.took.observe(took);
    }
}

impl Drop for Measure {
    fn drop(&mut self) {
        if self.open {
            self.route.answers[self.method][GONE].add();
        }
    }
}
