//! Fencing tokens only grow.

use super::space::Space;
use crate::suite::{Verdict, cases, ensure, ok};

cases! {
    a_token_grows_after_an_unlock,
    a_token_grows_after_an_expiry,
    a_token_grows_after_a_renewal,
}

async fn a_token_grows_after_an_unlock(space: &Space) -> Verdict {
    let mut last = 0;
    for owner in ["me", "you", "me", "me"] {
        let token = space.take("a", owner).await?.fencing_token;
        ensure!(token > last, "the token {token} came after {last}");
        last = token;
        space.unlock("a", owner).await?;
    }
    Ok(())
}

async fn a_token_grows_after_an_expiry(space: &Space) -> Verdict {
    let first = space.take_for("a", "me", space.short()).await?.fencing_token;
    space.outlive().await?;
    let second = space.take("a", "me").await?.fencing_token;
    ensure!(second > first, "the token {second} came after {first}");
    Ok(())
}

async fn a_token_grows_after_a_renewal(space: &Space) -> Verdict {
    space.take("a", "me").await?;
    let first = ok(space.renew("a", "me", space.long()).await, "renew")?.fencing_token;
    space.unlock("a", "me").await?;
    let second = space.take("a", "you").await?.fencing_token;
    ensure!(second > first, "the token {second} came after {first}");
    Ok(())
}
