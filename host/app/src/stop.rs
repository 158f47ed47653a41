//! The end of a host: the doors first, the stores last.

use std::time::Duration;

use ottavo_core::Shutdown;
use tracing::{info, warn};

use crate::signals::Signals;

/// How long the stores may take to close after the doors have.
const STORES_GRACE: Duration = Duration::from_secs(5);

/// Stops `doors`, then `stores`. Requests under way get `grace`; a second signal ends it at once.
pub(crate) async fn stop(
    mut signals: Signals,
    doors: &Shutdown,
    stores: &Shutdown,
    grace: Duration,
) {
    let orderly = async {
        doors.begin();
        if let Err(running) = doors.finish(grace).await {
            warn!(
                ?running,
                ?grace,
                "requests were cut off: they took longer than `shutdown.grace`"
            );
        }
        stores.begin();
        if let Err(running) = stores.finish(STORES_GRACE).await {
            warn!(?running, "stores did not close in time");
        }
    };
    tokio::select! {
        () = orderly => info!("stopped"),
        signal = signals.next() => warn!(signal, "stopped at once, by a second signal"),
    }
}
