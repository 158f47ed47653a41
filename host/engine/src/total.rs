//! The memory of all instances of a host together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ottavo_core::units::ByteCount;

/// What all memories and tables have together, and the most that they may have. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Total {
    limit: ByteCount,
    used: Arc<AtomicU64>,
}

impl Total {
    pub(crate) fn new(limit: ByteCount) -> Total {
        Total { limit, used: Arc::default() }
    }

    pub(crate) fn limit(&self) -> ByteCount {
        self.limit
    }

    /// Takes so many bytes more, if that does not pass the limit.
    pub(crate) fn take(&self, bytes: usize) -> bool {
        let more = |used: u64| {
            let wanted = used.checked_add(bytes as u64)?;
            (wanted <= self.limit.0).then_some(wanted)
        };
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    pub(crate) fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes as u64, Ordering::Relaxed);
    }
}
