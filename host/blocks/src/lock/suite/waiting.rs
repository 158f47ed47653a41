//! Waiting for a lock: woken, in vain, and given up.

use std::time::Duration;

use futures_util::future::{join, join_all};
use tokio::time::Instant;

use super::space::{PATIENCE, Space};
use crate::lock::Release;
use crate::suite::{Time, Verdict, cases, ensure, equal, ok};

cases! {
    a_free_lock_is_taken_without_waiting,
    a_wait_in_vain_ends_with_none,
    who_waits_gets_what_is_unlocked,
    who_waits_gets_what_expires,
    all_who_wait_get_their_turn,
    who_gave_up_waiting_holds_nothing,
}

async fn a_free_lock_is_taken_without_waiting(space: &Space) -> Verdict {
    let begun = Instant::now();
    let taken = ok(space.try_lock("a", "me", PATIENCE).await, "try-lock with a wait")?;
    ensure!(taken.is_some(), "a free lock was refused");
    ensure!(begun.elapsed() < PATIENCE, "a free lock took as long as the wait");
    Ok(())
}

async fn a_wait_in_vain_ends_with_none(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    let (begun, wait) = (Instant::now(), Duration::from_millis(200));
    let taken = ok(space.try_lock("a", "you", wait).await, "try-lock of a held lock")?;
    equal!(taken, None, "try-lock of a held lock");
    ensure!(begun.elapsed() >= wait, "waited {:?} and not {wait:?}", begun.elapsed());
    space.expect_unlock("a", "me", Release::Released).await
}

async fn who_waits_gets_what_is_unlocked(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    let (taken, released) = join(space.try_lock("a", "you", PATIENCE), async {
        // most probably the other waits by then; if not, nothing is proved and nothing fails
        tokio::time::sleep(Duration::from_millis(50)).await;
        space.unlock("a", "me").await
    })
    .await;
    equal!(released?, Release::Released, "unlock");
    ensure!(ok(taken, "try-lock with a wait")?.is_some(), "the wait was in vain");
    space.expect_unlock("a", "you", Release::Released).await
}

async fn who_waits_gets_what_expires(space: &Space) -> Verdict {
    space.take_for("a", "me", space.short()).await?;
    let (taken, ()) = join(space.try_lock("a", "you", PATIENCE), async {
        if let Time::Manual(clock) = &space.time {
            tokio::task::yield_now().await;
            clock.advance(space.time.short());
        }
    })
    .await;
    ensure!(ok(taken, "try-lock with a wait")?.is_some(), "the wait was in vain");
    space.expect_unlock("a", "me", Release::HeldByOther).await
}

async fn all_who_wait_get_their_turn(space: &Space) -> Verdict {
    space.take("a", "first").await?;
    let names: Vec<_> = (0..8).map(|i| format!("waiter{i}")).collect();
    let waiters = names.iter().map(|name| async move {
        let taken = ok(space.try_lock("a", name, PATIENCE).await, "try-lock with a wait")?;
        ensure!(taken.is_some(), "{name} waited in vain");
        space.expect_unlock("a", name, Release::Released).await
    });
    let unlock = space.expect_unlock("a", "first", Release::Released);
    let (waited, unlocked) = join(join_all(waiters), unlock).await;
    waited.into_iter().collect::<Verdict>()?;
    unlocked
}

/// Neither while it waits nor afterwards: the lock would be held for a year.
async fn who_gave_up_waiting_holds_nothing(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    let waiting = space.try_lock("a", "gone", PATIENCE);
    let waited = tokio::time::timeout(Duration::from_millis(100), waiting).await;
    ensure!(waited.is_err(), "a wait for a held lock ended: {waited:?}");
    space.expect_unlock("a", "me", Release::Released).await?;
    let taken = ok(space.try_lock("a", "you", PATIENCE).await, "try-lock after a wait")?;
    ensure!(taken.is_some(), "the lock is held by who gave up waiting for it");
    Ok(())
}
