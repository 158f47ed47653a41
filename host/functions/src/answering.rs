//! The versions of one function that answer: the active one, and those that have a share of the
//! requests.
//!
//! Routes and events are those of the active version alone. Which version a request gets is chosen at
//! random, and where the split names a header, by the value of that header: the same value gets the
//! same version, on each host and after each restart, for as long as the split is the same.

use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use ottavo_core::Digest;

use crate::Info;
use crate::catalogue::Record;
use crate::lineage::Lineage;
use crate::version::Version;

/// What answers for a function.
pub(crate) struct Answering {
    pub(crate) active: Arc<Version>,
    shares: Vec<Share>,
    sticky: Option<HeaderName>,
}

/// A version beside the active one.
struct Share {
    version: Arc<Version>,
    percent: u32,
}

impl Answering {
    /// One version for everything.
    pub(crate) fn one(active: Arc<Version>) -> Answering {
        Answering { active, shares: Vec::new(), sticky: None }
    }

    /// What a lineage says; `version` gives the versions.
    pub(crate) fn of(lineage: &Lineage, version: impl Fn(&Record) -> Arc<Version>) -> Answering {
        let mut answering = Answering::one(version(lineage.active()));
        let Some(split) = &lineage.split else { return answering };
        answering.sticky = split.sticky.as_ref().and_then(|header| header.parse().ok());
        let shares = split.shares.iter();
        let share = |(number, percent): (&u64, &u32)| {
            let version = version(lineage.versions.get(number)?);
            Some(Share { version, percent: *percent })
        };
        answering.shares = shares.filter_map(share).collect();
        answering
    }

    /// Every version that answers.
    pub(crate) fn versions(&self) -> impl Iterator<Item = &Arc<Version>> {
        std::iter::once(&self.active).chain(self.shares.iter().map(|share| &share.version))
    }

    /// What is known of the active version, with the shares of the others.
    pub(crate) fn info(&self) -> Info {
        let shares = self.shares.iter().map(|share| (share.version.info.version, share.percent));
        Info { shares: shares.collect(), ..self.active.info.clone() }
    }

    /// The version for one request.
    pub(crate) fn choose(&self, headers: &HeaderMap) -> &Arc<Version> {
        if self.shares.is_empty() {
            return &self.active;
        }
        let value = self.sticky.as_ref().and_then(|header| headers.get(header));
        let mut place = match value {
            Some(value) => place_of(&self.active.name, value.as_bytes()),
            None => fastrand::u32(0..100),
        };
        for Share { version, percent } in &self.shares {
            if place < *percent {
                return version;
            }
            place -= percent;
        }
        &self.active
    }
}

/// Where in a hundred a value stands. It depends on the function: who is first to meet a new version
/// of one is not first everywhere.
fn place_of(function: &str, value: &[u8]) -> u32 {
    let text = [function.as_bytes(), b"\0", value].concat();
    (Digest::of(&text).number() % 100) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spread_evenly_and_each_function_spreads_them_anew() {
        let places = |function: &str| -> Vec<u32> {
            (0..10_000).map(|user| place_of(function, format!("user-{user}").as_bytes())).collect()
        };
        let (one, other) = (places("one"), places("other"));
        assert_eq!(one, places("one"));
        for tenth in 0..10 {
            let within = |place: &&u32| **place / 10 == tenth;
            let count = one.iter().filter(within).count();
            assert!((850..1150).contains(&count), "{count} in tenth {tenth}");
        }
        let both = one.iter().zip(&other).filter(|(a, b)| **a < 10 && **b < 10).count();
        assert!((40..200).contains(&both), "{both} are first in both");
    }
}
