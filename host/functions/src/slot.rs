//! Where the code of one version is while it is called: else it is on disk.
//!
//! A call reads one pointer. What loads and what gives back are other tasks' affair: a call goes on
//! with the code that it has found.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::code::Code;

/// How long a failure stands before a call tries again.
const STANDS: Duration = Duration::from_secs(10);

/// See the module.
#[derive(Default)]
pub(crate) struct Slot {
    code: ArcSwapOption<Code>,
    /// The rounds since the last call.
    quiet: AtomicU32,
    /// Held by the one who loads.
    pub(crate) loading: Arc<tokio::sync::Mutex<()>>,
    failed: Mutex<Option<Failed>>,
}

/// That it was not loaded.
struct Failed {
    at: Instant,
    why: String,
}

impl Slot {
    pub(crate) fn of(code: Option<Arc<Code>>) -> Slot {
        Slot { code: ArcSwapOption::new(code), ..Slot::default() }
    }

    /// For a call.
    pub(crate) fn take(&self) -> Option<Arc<Code>> {
        // written once after each round only: the other calls read it too
        if self.quiet.load(Ordering::Relaxed) != 0 {
            self.quiet.store(0, Ordering::Relaxed);
        }
        self.code.load_full()
    }

    pub(crate) fn put(&self, code: &Arc<Code>) {
        self.quiet.store(0, Ordering::Relaxed);
        *self.failed.lock() = None;
        self.code.store(Some(Arc::clone(code)));
    }

    /// One more round is over: the code that was not called during as many as `most` is given back.
    pub(crate) fn round(&self, most: u32) {
        if self.quiet.fetch_add(1, Ordering::Relaxed) >= most {
            self.code.store(None);
        }
    }

    /// It was not loaded; whether that is news.
    pub(crate) fn fail(&self, why: &str) -> bool {
        let failed = Failed { at: Instant::now(), why: why.to_owned() };
        let before = self.failed.lock().replace(failed);
        before.is_none_or(|before| before.why != why)
    }

    /// Why the last load has failed; what was loaded since then has not.
    pub(crate) fn problem(&self) -> Option<String> {
        self.failed.lock().as_ref().map(|failed| failed.why.clone())
    }

    /// The same, while it is too early to try again.
    pub(crate) fn fails(&self) -> Option<String> {
        let failed = self.failed.lock();
        let recent = failed.as_ref().filter(|failed| failed.at.elapsed() < STANDS);
        recent.map(|failed| failed.why.clone())
    }
}
