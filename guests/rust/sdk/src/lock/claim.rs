//! What is asked for.

use std::borrow::Cow;
use std::time::Duration;

use super::lease::millis;

/// A resource to lock, for how long, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    resource: Cow<'a, str>,
    owner: Option<Cow<'a, str>>,
    ttl: Duration,
    wait: Duration,
}

impl<'a> Claim<'a> {
    /// Of this resource, held for `ttl` unless renewed; by an owner that the host makes up, without
    /// waiting.
    pub fn new(resource: impl Into<Cow<'a, str>>, ttl: Duration) -> Claim<'a> {
        Claim { resource: resource.into(), owner: None, ttl, wait: Duration::ZERO }
    }

    /// By this owner: who else has the same name, is the same.
    #[must_use]
    pub fn owner(mut self, owner: impl Into<Cow<'a, str>>) -> Claim<'a> {
        self.owner = Some(owner.into());
        self
    }

    /// Waits this long, and never beyond the call's deadline.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Claim<'a> {
        self.wait = wait;
        self
    }

    pub(super) fn resource(&self) -> &str {
        &self.resource
    }

    pub(super) fn lower(&self) -> (&str, Option<&str>, u64, u64) {
        (&self.resource, self.owner.as_deref(), millis(self.ttl), millis(self.wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_carries_everything_it_was_given() {
        let plain = Claim::new("a", Duration::from_secs(2));
        assert_eq!(plain.lower(), ("a", None, 2000, 0));
        let full = plain.owner("me").wait(Duration::from_millis(5));
        assert_eq!(full.lower(), ("a", Some("me"), 2000, 5));
    }

    #[test]
    fn a_span_of_less_than_a_millisecond_is_not_nothing() {
        assert_eq!(Claim::new("a", Duration::from_micros(1)).lower().2, 1);
        assert_eq!(Claim::new("a", Duration::MAX).lower().2, u64::MAX);
    }
}
