//! The three operations on locks.

use std::time::Duration;

use ottavo_sdk::Result;
use ottavo_sdk::lock::{Claim, Guard, Lease, Lock, Release};

use crate::decode::Decoder;
use crate::{encode, unknown};

/// Reads the parameters, makes the call, and encodes its outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    match operation {
        "try-lock" => {
            let (store, resource) = (store(&mut call)?, call.string()?);
            let owner = call.option(Decoder::string)?;
            let claim = Claim::new(resource, millis(&mut call)?).wait(millis(&mut call)?);
            call.end()?;
            let claim = owner.into_iter().fold(claim, Claim::owner);
            // the lock outlives this call
            let taken = store.claim(&claim).map(|guard| guard.map(Guard::keep));
            encode::result(to, taken, |to, found| encode::option(to, found, lease));
        }
        "renew" => {
            let (store, resource, owner) = (store(&mut call)?, call.string()?, call.string()?);
            let ttl = millis(&mut call)?;
            call.end()?;
            encode::result(to, store.renew(resource, owner, ttl), lease);
        }
        "unlock" => {
            let (store, resource, owner) = (store(&mut call)?, call.string()?, call.string()?);
            call.end()?;
            encode::result(to, store.unlock(resource, owner), |to, release| {
                to.push(match release {
                    Release::Released => 0,
                    Release::NotHeld => 1,
                    Release::HeldByOther => 2,
                });
            });
        }
        _ => return Err(unknown(&format!("lock.{operation}"))),
    }
    Ok(std::mem::take(to))
}

fn lease(to: &mut Vec<u8>, lease: Lease) {
    encode::string(to, lease.owner);
    to.extend_from_slice(&lease.fencing_token.to_le_bytes());
    let remaining = u64::try_from(lease.remaining.as_millis()).unwrap_or(u64::MAX);
    to.extend_from_slice(&remaining.to_le_bytes());
}

fn store(call: &mut Decoder<'_>) -> Result<Lock> {
    Ok(Lock::open(call.string()?.to_owned()))
}

fn millis(call: &mut Decoder<'_>) -> Result<Duration> {
    Ok(Duration::from_millis(call.u64()?))
}
