//! One holder at a time.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;

use super::space::{PATIENCE, Space};
use crate::lock::Release;
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases! {
    a_free_lock_is_taken,
    a_held_lock_is_refused_to_others,
    a_lock_is_not_reentrant,
    an_owner_is_made_up_and_is_unique,
    resources_know_nothing_of_each_other,
    any_name_is_apart_from_any_other,
    one_of_many_takes_a_lock,
    a_lock_is_held_by_one_at_a_time,
}

async fn a_free_lock_is_taken(space: &Space) -> Verdict {
    let lease = space.take("a", "me").await?;
    equal!(lease.remaining, space.long().duration(), "what remains of a new lease");
    ensure!(lease.fencing_token > 0, "the first token is 0");
    Ok(())
}

async fn a_held_lock_is_refused_to_others(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    space.expect_held("a").await?;
    space.expect_held("a").await
}

async fn a_lock_is_not_reentrant(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    let again = ok(space.try_lock("a", "me", Duration::ZERO).await, "try-lock by its owner")?;
    equal!(again, None, "try-lock by its owner");
    space.expect_unlock("a", "me", Release::Released).await
}

async fn an_owner_is_made_up_and_is_unique(space: &Space) -> Verdict {
    let mut owners = Vec::new();
    for name in ["a", "b"] {
        let taken = space.try_lock_for(name, None, space.long(), Duration::ZERO).await;
        let lease = ok(taken, "try-lock without an owner")?;
        owners.push(lease.ok_or("a free lock was refused")?.owner);
    }
    ensure!(owners[0] != owners[1], "both owners are `{}`", owners[0]);
    let renewed = space.renew("a", owners[0].as_str(), space.long()).await;
    ok(renewed, "renewal by an owner that was made up")?;
    space.expect_unlock("a", owners[1].as_str(), Release::HeldByOther).await?;
    space.expect_unlock("a", owners[0].as_str(), Release::Released).await
}

async fn resources_know_nothing_of_each_other(space: &Space) -> Verdict {
    for name in ["a", "b", "a/b"] {
        space.take(name, "me").await?;
    }
    space.expect_unlock("b", "me", Release::Released).await?;
    space.expect_held("a").await?;
    space.expect_held("a/b").await?;
    space.take("b", "you").await.map(drop)
}

async fn any_name_is_apart_from_any_other(space: &Space) -> Verdict {
    let long = "x".repeat(3000);
    let names =
        ["{a}", "a", "A", "a|b", "../a", "a b", "Schlüssel", "\u{10ffff}", "*", "\n", &long];
    for name in names {
        space.take(name, name).await?;
    }
    for name in names {
        space.expect_unlock(name, "stranger", Release::HeldByOther).await?;
        space.expect_unlock(name, name, Release::Released).await?;
    }
    Ok(())
}

async fn one_of_many_takes_a_lock(space: &Space) -> Verdict {
    let names: Vec<_> = (0..16).map(|i| format!("owner{i}")).collect();
    let tries = names.iter().map(|name| space.try_lock("a", name, Duration::ZERO));
    let mut holders = Vec::new();
    for taken in join_all(tries).await {
        holders.extend(ok(taken, "one of many try-locks")?);
    }
    equal!(holders.len(), 1, "how many of 16 hold the lock");
    space.expect_unlock("a", holders[0].owner.as_str(), Release::Released).await
}

/// What is locked is the witness: it counts who is within, and refuses a smaller token.
async fn a_lock_is_held_by_one_at_a_time(space: &Space) -> Verdict {
    let (within, greatest) = (AtomicUsize::new(0), AtomicU64::new(0));
    let (inside, seen) = (&within, &greatest);
    let workers = (0..6).map(|worker| async move {
        let name = format!("worker{worker}");
        for _ in 0..3 {
            let taken = ok(space.try_lock("a", &name, PATIENCE).await, "try-lock with a wait")?;
            let lease = taken.ok_or_else(|| format!("{name} waited {PATIENCE:?} in vain"))?;
            let others = inside.fetch_add(1, Ordering::SeqCst);
            let before = seen.swap(lease.fencing_token, Ordering::SeqCst);
            // others may come in now, if the lock lets them
            tokio::time::sleep(Duration::from_millis(1)).await;
            inside.fetch_sub(1, Ordering::SeqCst);
            ensure!(others == 0, "{name} was not alone");
            let token = lease.fencing_token;
            ensure!(before < token, "{name} has the token {token} after {before}");
            space.expect_unlock("a", &name, Release::Released).await?;
        }
        Ok::<(), String>(())
    });
    join_all(workers).await.into_iter().collect()
}
