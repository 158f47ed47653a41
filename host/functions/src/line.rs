//! One at a time, a bounded number that wait, and each of them for a bounded time.

use std::time::Duration;

use ottavo_core::{Error, Kind, Result};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Those that wait, at most.
const ROOM: usize = 32;

/// How long each of them does.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Whoever has the turn does it; the others wait.
pub(crate) struct Line {
    what: &'static str,
    turn: Semaphore,
    room: Semaphore,
}

impl Line {
    /// `what` is being done, for whoever does not come to it.
    pub(crate) const fn of(what: &'static str) -> Line {
        Line { what, turn: Semaphore::const_new(1), room: Semaphore::const_new(ROOM) }
    }

    /// Waits for the turn, which ends with the value.
    ///
    /// # Errors
    /// `unavailable` when too many wait, or it does not come.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        let what = self.what;
        let refused = |why: String| Error::new(Kind::Unavailable, format!("{why}: try it later"));
        let _room = self
            .room
            .try_acquire()
            .map_err(|_| refused(format!("{ROOM} others wait already to {what}")))?;
        match timeout(PATIENCE, self.turn.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(refused(format!("others took more than {PATIENCE:?} to {what}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waiting_is_bounded_in_number_and_time() {
        let line = Line::of("deploy");
        let turn = line.turn().await.expect("free");
        let waiting = (0..=ROOM).map(|_| line.turn());
        let refused = futures_util::future::join_all(waiting).await;
        let texts: Vec<_> =
            refused.into_iter().filter_map(Result::err).map(|e| e.to_string()).collect();
        assert_eq!(texts.len(), ROOM + 1);
        assert_eq!(texts.iter().filter(|text| text.contains("others wait already")).count(), 1);
        assert_eq!(texts.iter().filter(|text| text.contains("took more than 300s")).count(), ROOM);
        drop(turn);
        drop(line.turn().await.expect("free again"));
    }
}
