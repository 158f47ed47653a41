//! How many calls of a store are under way at once.

use ottavo_core::{CallContext, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::conn::early;
use crate::error;

/// Each call takes one place, and one more for each [`PLACE`] bytes of a value: 4096 calls, or 64 MiB of
/// values.
pub(crate) const PLACES: u32 = 4096;
const PLACE: usize = 16 << 10;

/// See the module.
pub(crate) struct Places(Semaphore);

impl Places {
    pub(crate) fn new() -> Places {
        Places(Semaphore::new(PLACES as usize))
    }

    /// A place for a call whose values have so many bytes.
    ///
    /// # Errors
    /// `unavailable` when none is free in time.
    pub(crate) async fn take(&self, cx: &CallContext, size: usize) -> Result<SemaphorePermit<'_>> {
        let wanted = u32::try_from(1 + size / PLACE).unwrap_or(PLACES).min(PLACES);
        // none is free for this while others wait for theirs
        if let Ok(place) = self.0.try_acquire_many(wanted) {
            return Ok(place);
        }
        let place = tokio::time::timeout_at(early(cx), self.0.acquire_many(wanted));
        let place = Box::pin(place).await;
        let full = || error::unavailable("too many calls wait for redis");
        place.map_err(|_| full())?.map_err(|_| full())
    }
}
