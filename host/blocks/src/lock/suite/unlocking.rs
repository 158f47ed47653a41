//! Unlocking and renewing, by the owner alone.

use ottavo_core::Kind;

use super::space::Space;
use crate::lock::Release;
use crate::suite::{Verdict, cases, equal, ok, refused};

cases! {
    an_unlocked_lock_is_free,
    what_was_never_locked_is_not_held,
    a_lock_is_unlocked_once,
    nobody_unlocks_the_lock_of_another,
    nobody_renews_the_lock_of_another,
    what_is_not_held_is_not_renewed,
    a_renewal_keeps_the_owner_and_the_token,
}

async fn an_unlocked_lock_is_free(space: &Space) -> Verdict {
    for owner in ["me", "you", "me"] {
        space.take("a", owner).await?;
        space.expect_unlock("a", owner, Release::Released).await?;
    }
    Ok(())
}

async fn what_was_never_locked_is_not_held(space: &Space) -> Verdict {
    space.expect_unlock("a", "me", Release::NotHeld).await
}

async fn a_lock_is_unlocked_once(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    space.expect_unlock("a", "me", Release::Released).await?;
    space.expect_unlock("a", "me", Release::NotHeld).await
}

async fn nobody_unlocks_the_lock_of_another(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    for stranger in ["you", "m", "me ", "ME", "me\u{1}"] {
        space.expect_unlock("a", stranger, Release::HeldByOther).await?;
    }
    space.expect_held("a").await?;
    space.expect_unlock("a", "me", Release::Released).await
}

async fn nobody_renews_the_lock_of_another(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    refused(space.renew("a", "you", space.long()).await, Kind::Conflict, "renewal by another")?;
    space.expect_unlock("a", "me", Release::Released).await
}

async fn what_is_not_held_is_not_renewed(space: &Space) -> Verdict {
    let never = space.renew("a", "me", space.long()).await;
    refused(never, Kind::Conflict, "renewal of what was never locked")?;
    space.take("a", "me").await?;
    space.unlock("a", "me").await?;
    let unlocked = space.renew("a", "me", space.long()).await;
    refused(unlocked, Kind::Conflict, "renewal of what was unlocked")?;
    space.take("a", "you").await.map(drop)
}

async fn a_renewal_keeps_the_owner_and_the_token(space: &Space) -> Verdict {
    let lease = space.take("a", "me").await?;
    for _ in 0..2 {
        let renewed = ok(space.renew("a", "me", space.long()).await, "renew")?;
        equal!(renewed, lease, "the renewed lease");
    }
    space.expect_held("a").await
}
