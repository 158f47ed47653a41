//! A plain model of locks, and random steps that a store must answer as the model does.
//!
//! The steps are made from bytes, so that a property test can draw, shrink and print them.

use std::collections::HashMap;
use std::time::Duration;

use ottavo_core::clock::{ManualClock, UnixMillis};
use ottavo_core::{CallContext, Caller, Clock, Error, Kind};

use crate::Key;
use crate::lock::{Claim, Lock, Owner, Release, Ttl};
use crate::suite::{Verdict, ensure, equal};

/// What one step is made from.
pub type Seed = [u8; 4];

/// Few resources and owners, so that steps meet.
const RESOURCES: [&str; 3] = ["a", "ab", "b/1"];
const OWNERS: [&str; 3] = ["ann", "ben", "cy"];

/// Makes each step on the store and on the model, and compares what comes of it.
///
/// # Errors
/// The first difference.
pub async fn check(store: &dyn Lock, clock: &ManualClock, seeds: &[Seed]) -> Result<(), String> {
    let prefix = format!("model/{:016x}/", fastrand::u64(..));
    let mut run = Run { store, clock, prefix, held: HashMap::new(), tokens: HashMap::new() };
    for (index, seed) in seeds.iter().enumerate() {
        run.step(*seed).await.map_err(|failure| format!("step {index}, {seed:?}: {failure}"))?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Held {
    owner: &'static str,
    token: u64,
    until: UnixMillis,
}

struct Run<'s> {
    store: &'s dyn Lock,
    clock: &'s ManualClock,
    prefix: String,
    held: HashMap<&'static str, Held>,
    /// The last token of each resource.
    tokens: HashMap<&'static str, u64>,
}

impl Run<'_> {
    async fn step(&mut self, [act, resource, owner, time]: Seed) -> Verdict {
        let name = RESOURCES[usize::from(resource) % RESOURCES.len()];
        let by = OWNERS[usize::from(owner) % OWNERS.len()];
        let key = Key::parse(format!("{}{name}", self.prefix)).map_err(said)?;
        let owner = Owner::parse(by).map_err(said)?;
        let ttl = Ttl::parse(1 + u64::from(time)).map_err(said)?;
        let cx = CallContext::new("model".into(), Caller::Anonymous, Duration::from_secs(60));
        let (now, until) = (self.clock.now(), self.clock.now() + ttl.millis());
        self.held.retain(|_, held| held.until > now);
        let held = self.held.get(name).copied();
        match act % 4 {
            0 => {
                let owner = Some(owner);
                let claim = Claim { resource: key, owner, ttl, wait: Duration::ZERO };
                let got = self.store.try_lock(&cx, claim).await.map_err(said)?;
                equal!(got.is_some(), held.is_none(), "`{by}` asks for `{name}`");
                let Some(lease) = got else { return Ok(()) };
                let last = self.tokens.insert(name, lease.fencing_token).unwrap_or_default();
                let token = lease.fencing_token;
                ensure!(token > last, "the token of `{name}` was {last} and is {token}");
                equal!(lease.owner.as_str(), by, "the owner of `{name}`");
                self.held.insert(name, Held { owner: by, token, until });
            }
            1 => {
                let renewed = self.store.renew(&cx, &key, &owner, ttl).await;
                match held.filter(|held| held.owner == by) {
                    Some(held) => {
                        let renewed = renewed.map_err(said)?;
                        equal!(renewed.fencing_token, held.token, "the token of a renewal");
                        self.held.insert(name, Held { until, ..held });
                    }
                    None => {
                        let kind = renewed.map_err(|error| error.kind()).err();
                        equal!(kind, Some(Kind::Conflict), "`{by}` renews `{name}`");
                    }
                }
            }
            2 => {
                let release = self.store.unlock(&cx, &key, &owner).await.map_err(said)?;
                let expected = match held {
                    None => Release::NotHeld,
                    Some(held) if held.owner == by => Release::Released,
                    Some(_) => Release::HeldByOther,
                };
                equal!(release, expected, "`{by}` gives `{name}` back");
                if release == Release::Released {
                    self.held.remove(name);
                }
            }
            _ => self.clock.advance(Duration::from_millis(u64::from(time))),
        }
        Ok(())
    }
}

fn said(error: Error) -> String {
    error.to_string()
}
