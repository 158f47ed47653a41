//! The kept versions of one function, as they stand in the catalogue: which one is active, which ones
//! have a share of its requests, and which ones were active before.
//!
//! A version never changes, and its number is never given again. What is in use is never dropped.

use std::collections::{BTreeMap, BTreeSet};

use ottavo_core::{Digest, Error, FunctionName, Kind, Result};
use ottavo_manifest::Manifest;
use serde::{Deserialize, Serialize};

use crate::catalogue::Record;
use crate::signatures::Signed;

/// All of it, in percent.
const WHOLE: u32 = 100;

/// The versions of one function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lineage {
    /// Has the routes, the events, and the requests that no share takes.
    pub(crate) active: u64,
    /// Those that were active before, the last one at the end; only kept ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    before: Vec<u64>,
    /// The highest number that was given.
    last: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) split: Option<Split>,
    pub(crate) versions: BTreeMap<u64, Record>,
}

/// Which other versions have a share of the requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Split {
    /// In percent; together less than all.
    pub(crate) shares: BTreeMap<u64, u32>,
    /// The header whose value decides, where a request has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sticky: Option<String>,
}

impl Lineage {
    /// Of a first version, which is active.
    pub(crate) fn of(record: Record) -> Lineage {
        let number = record.version;
        let versions = BTreeMap::from([(number, record)]);
        Lineage { active: number, before: Vec::new(), last: number, split: None, versions }
    }

    /// The number of the next version.
    pub(crate) fn next(&self) -> u64 {
        self.last + 1
    }

    pub(crate) fn active(&self) -> &Record {
        self.versions.get(&self.active).expect("the active version is never dropped")
    }

    /// The version that has exactly this, signed by the same key: the active or else the newest one. An older one is a past
    /// that was left, and the same content makes a version of its own.
    pub(crate) fn same(
        &self,
        manifest: &Manifest,
        artifact: &Digest,
        signed: Option<&Signed>,
    ) -> Option<u64> {
        let newest = self.versions.values().next_back();
        let known = [Some(self.active()), newest].into_iter().flatten();
        let same = |record: &&Record| {
            let by = signed.is_none_or(|signed| record.signed_by() == Some(&signed.by));
            by && record.manifest == *manifest && record.artifact == *artifact
        };
        known.into_iter().find(same).map(|record| record.version)
    }

    /// A kept version.
    ///
    /// # Errors
    /// `not-found`, with those that are kept.
    pub(crate) fn get(&self, name: &FunctionName, version: u64) -> Result<&Record> {
        self.versions.get(&version).ok_or_else(|| {
            let kept: Vec<_> = self.versions.keys().map(|kept| format!("v{kept}")).collect();
            let kept = kept.join(", ");
            Error::not_found(match (1..=self.last).contains(&version) {
                true => format!(
                    "version {version} of `{name}` is not kept any more: kept are {kept}; deploy it once more"
                ),
                false => format!("`{name}` has no version {version}: kept are {kept}"),
            })
        })
    }

    /// The percentage of requests that a version gets.
    pub(crate) fn share(&self, version: u64) -> u32 {
        let shares = self.split.as_ref().map(|split| &split.shares);
        match version == self.active {
            true => WHOLE - shares.map_or(0, |shares| shares.values().sum()),
            false => shares.and_then(|shares| shares.get(&version)).copied().unwrap_or_default(),
        }
    }

    /// The version that `rollback` makes active.
    pub(crate) fn previous(&self) -> Option<u64> {
        self.before.last().copied()
    }

    /// Keeps one more version, which is not active.
    pub(crate) fn add(&mut self, record: Record) {
        self.last = self.last.max(record.version);
        self.versions.insert(record.version, record);
    }

    /// Makes a kept version the active one, with all requests.
    pub(crate) fn activate(&mut self, version: u64) {
        self.split = None;
        if version != self.active {
            self.before.retain(|before| *before != version && *before != self.active);
            self.before.push(self.active);
            self.active = version;
        }
    }

    /// Goes back to the version that was active before, and leaves the active one.
    pub(crate) fn roll_back(&mut self) {
        self.split = None;
        if let Some(previous) = self.before.pop() {
            self.active = previous;
        }
    }

    /// Gives shares of the requests to these versions, in percent; the active one has the rest. Zero
    /// takes a share back.
    ///
    /// # Errors
    /// `not-found` for a version that is not kept, `invalid-argument` for shares that do not add up.
    pub(crate) fn split(
        &mut self,
        name: &FunctionName,
        shares: &BTreeMap<u64, u32>,
        sticky: Option<String>,
    ) -> Result<()> {
        for version in shares.keys() {
            self.get(name, *version)?;
        }
        let sum: u64 = shares.values().map(|share| u64::from(*share)).sum();
        let active = self.active;
        let refused = |next: String| {
            let given = shares.iter().map(|(version, share)| format!("v{version}={share}"));
            let given = given.collect::<Vec<_>>().join(" ");
            Err(Error::invalid(format!("the shares `{given}` are {sum} % of the requests: {next}")))
        };
        match shares.contains_key(&active) {
            true if sum != u64::from(WHOLE) => {
                return refused(format!(
                    "make it 100 %, or leave out v{active}, which is active and has the rest"
                ));
            }
            false if sum >= u64::from(WHOLE) => {
                return refused(format!(
                    "v{active} is active and has the rest, which is at least 1 %; `ottavo promote` gives all to another version"
                ));
            }
            true | false => {}
        }
        let others = shares.iter().filter(|(version, share)| **version != active && **share > 0);
        let shares: BTreeMap<_, _> = others.map(|(version, share)| (*version, *share)).collect();
        if shares.values().sum::<u32>() == WHOLE {
            return refused(format!(
                "nothing is left for v{active}, which is active; `ottavo promote` gives all to another version"
            ));
        }
        self.split = (!shares.is_empty()).then_some(Split { shares, sticky });
        Ok(())
    }

    /// Whether requests reach a version.
    pub(crate) fn uses(&self, version: u64) -> bool {
        self.share(version) > 0
    }

    /// The versions that requests reach.
    pub(crate) fn used(&self) -> impl Iterator<Item = &Record> {
        self.versions.values().filter(|record| self.uses(record.version))
    }

    /// The artifacts and components of all versions.
    pub(crate) fn digests(&self) -> impl Iterator<Item = Digest> {
        self.versions.values().flat_map(|record| [record.artifact, record.component])
    }

    /// Takes a version away that is not in use.
    pub(crate) fn drop(&mut self, version: u64) {
        self.versions.remove(&version);
        self.before.retain(|before| *before != version);
    }

    /// Drops all but `keep` versions. First come those in use and the newest one, however many they
    /// are, then the one that `rollback` goes to, then the newer ones.
    pub(crate) fn prune(&mut self, keep: usize) {
        let newest = self.versions.keys().next_back().copied();
        let used = self.versions.keys().copied().filter(|version| self.uses(*version));
        let mut kept: BTreeSet<u64> = used.chain(newest).collect();
        let rest = self.versions.keys().rev().copied();
        for version in self.previous().into_iter().chain(rest) {
            if kept.len() >= keep {
                break;
            }
            kept.insert(version);
        }
        let dropped: Vec<_> =
            self.versions.keys().copied().filter(|version| !kept.contains(version)).collect();
        dropped.into_iter().for_each(|version| self.drop(version));
    }
}

/// Refuses to take away what is in use.
pub(crate) fn in_use(name: &FunctionName, version: u64, share: u32) -> Error {
    let message = format!(
        "version {version} of `{name}` answers {share} % of the requests: activate another one first, or delete the function"
    );
    Error::new(Kind::FailedPrecondition, message)
}

#[cfg(test)]
mod tests;
