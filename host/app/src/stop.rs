//! The end of a host, in order: what calls functions, then the runtime APIs, the stores last.

use std::time::Duration;

use ottavo_core::Shutdown;
use ottavo_functions::Functions;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::signals::Signals;

/// How long the stores may take to close after the doors have.
const STORES_GRACE: Duration = Duration::from_secs(5);

/// What gRPC calls get in any case, after functions have used up the grace.
const LEAST_GRACE: Duration = Duration::from_secs(1);

/// The part of the grace after which it is said who is still running.
const NEARLY: f64 = 0.75;

/// What stops, in this order.
#[derive(Clone, Default)]
pub(crate) struct Phases {
    /// What calls functions: requests, events, the deploy API.
    pub(crate) triggers: Shutdown,
    /// The runtime APIs for apps, which functions under way may still need.
    pub(crate) apis: Shutdown,
    /// The stores, and the actuator, which tells until the end that the host stops.
    pub(crate) stores: Shutdown,
}

/// Stops all of `phases`. Calls under way get `grace`; a second signal ends it at once. Whether it was
/// done in order.
pub(crate) async fn stop(
    mut signals: Signals,
    phases: &Phases,
    functions: &Functions,
    grace: Duration,
) -> bool {
    tokio::select! {
        () = phases.end(functions, grace) => {
            info!("stopped");
            true
        }
        signal = signals.next() => {
            warn!(signal, "stopped at once, by a second signal");
            false
        }
    }
}

impl Phases {
    async fn end(&self, functions: &Functions, grace: Duration) {
        let end = Instant::now() + grace;
        let left = || end.saturating_duration_since(Instant::now());
        self.triggers.begin();
        if self.triggers.finish(grace.mul_f64(NEARLY)).await.is_err() {
            tell(functions, &format!("still running: it is cut off in {:.1?}", left()));
            if let Err(tasks) = self.triggers.finish(left()).await {
                tell(functions, "cut off: it took longer than `shutdown.grace`");
                warn!(?tasks, ?grace, "what was under way is cut off");
            }
        }
        self.apis.begin();
        if let Err(tasks) = self.apis.finish(left().max(LEAST_GRACE)).await {
            warn!(?tasks, ?grace, "gRPC calls are cut off: they took longer than `shutdown.grace`");
        }
        self.stores.begin();
        if let Err(tasks) = self.stores.finish(STORES_GRACE).await {
            warn!(?tasks, "stores did not close in time");
        }
    }
}

/// A line for each function that has calls under way.
fn tell(functions: &Functions, what: &str) {
    for running in functions.running() {
        warn!(
            function = &*running.function,
            calls = running.calls,
            longest = ?running.longest,
            requests = running.requests.join(" "),
            "{what}"
        );
    }
}
