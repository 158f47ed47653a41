//! What it means that a lock has expired.

use std::time::Duration;

use ottavo_core::Kind;

use super::space::Space;
use crate::lock::Release;
use crate::suite::{Verdict, cases, equal, ok, refused};

cases! {
    a_lock_expires,
    a_lock_is_held_until_it_expires,
    an_expired_lock_is_not_held,
    who_lost_a_lock_does_not_touch_its_new_holder,
    the_same_owner_may_lock_again_what_expired,
    a_renewal_lengthens_a_lock,
    a_renewal_shortens_a_lock,
}

async fn a_lock_expires(space: &Space) -> Verdict {
    space.take_for("a", "me", space.short()).await?;
    space.outlive().await?;
    space.take("a", "you").await.map(drop)
}

async fn a_lock_is_held_until_it_expires(space: &Space) -> Verdict {
    let in_time = async |name: String| {
        space.take_for(&name, "me", space.short()).await?;
        space.expect_held(&name).await
    };
    space.in_time(in_time).await?;
    space.take("long", "me").await?;
    space.outlive().await?;
    space.expect_held("long").await
}

async fn an_expired_lock_is_not_held(space: &Space) -> Verdict {
    space.take_for("a", "me", space.short()).await?;
    space.outlive().await?;
    space.expect_unlock("a", "you", Release::NotHeld).await?;
    space.expect_unlock("a", "me", Release::NotHeld).await?;
    refused(space.renew("a", "me", space.long()).await, Kind::Conflict, "renewal after expiry")
}

async fn who_lost_a_lock_does_not_touch_its_new_holder(space: &Space) -> Verdict {
    space.take_for("a", "me", space.short()).await?;
    space.outlive().await?;
    let lease = space.take("a", "you").await?;
    space.expect_unlock("a", "me", Release::HeldByOther).await?;
    refused(space.renew("a", "me", space.long()).await, Kind::Conflict, "renewal of a lost lock")?;
    let renewed = ok(space.renew("a", "you", space.long()).await, "renewal by the new holder")?;
    equal!(renewed, lease, "the lease of the new holder");
    Ok(())
}

async fn the_same_owner_may_lock_again_what_expired(space: &Space) -> Verdict {
    space.take_for("a", "me", space.short()).await?;
    space.outlive().await?;
    space.take("a", "me").await?;
    space.outlive().await?;
    space.expect_held("a").await
}

async fn a_renewal_lengthens_a_lock(space: &Space) -> Verdict {
    let renew = async |name: String| {
        space.take_for(&name, "me", space.short()).await?;
        let lease = ok(space.renew(&name, "me", space.long()).await, "renew")?;
        equal!(lease.remaining, space.long().duration(), "what remains after a renewal");
        Ok(())
    };
    let name = space.in_time(renew).await?;
    space.outlive().await?;
    space.expect_held(&name).await
}

async fn a_renewal_shortens_a_lock(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    let lease = ok(space.renew("a", "me", space.short()).await, "renew")?;
    equal!(lease.remaining, space.short().duration(), "what remains after a renewal");
    space.outlive().await?;
    let taken = ok(space.try_lock("a", "you", Duration::ZERO).await, "try-lock after expiry")?;
    equal!(taken.is_some(), true, "whether an expired lock is free");
    Ok(())
}
