//! What changed between looks, once it has settled.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::walk::Stamp;

/// What happened to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Created(String, Stamp),
    Changed(String, Stamp),
    Deleted(String),
}

/// What one listener was told, and what is on its way.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    known: BTreeMap<String, Stamp>,
    /// As it was seen last, and since when: none is a file that is gone.
    unsettled: BTreeMap<String, (Option<Stamp>, Instant)>,
}

impl Changes {
    /// Takes what there is as told.
    pub(crate) fn skip(&mut self, files: BTreeMap<String, Stamp>) {
        self.known = files;
    }

    /// Learns what was seen `now`; what has settled is told.
    pub(crate) fn learn(
        &mut self,
        files: &BTreeMap<String, Stamp>,
        settle: Duration,
        now: Instant,
    ) -> Vec<Change> {
        let gone = self.known.keys().filter(|path| !files.contains_key(*path));
        let gone = gone.map(|path| (path.clone(), None));
        let other = files.iter().filter(|(path, stamp)| self.known.get(*path) != Some(stamp));
        let other = other.map(|(path, stamp)| (path.clone(), Some(*stamp)));
        let mut before = std::mem::take(&mut self.unsettled);
        let mut changes = Vec::new();
        for (path, stamp) in gone.chain(other).collect::<Vec<_>>() {
            let since = match before.remove(&path) {
                Some((seen, since)) if seen == stamp => since,
                _ => now,
            };
            if now.duration_since(since) < settle {
                self.unsettled.insert(path, (stamp, since));
                continue;
            }
            changes.push(match stamp {
                None => {
                    self.known.remove(&path);
                    Change::Deleted(path)
                }
                Some(stamp) => match self.known.insert(path.clone(), stamp) {
                    None => Change::Created(path, stamp),
                    Some(_) => Change::Changed(path, stamp),
                },
            });
        }
        changes
    }

    /// When something settles next, if it stays as it is.
    pub(crate) fn settles_at(&self, settle: Duration) -> Option<Instant> {
        self.unsettled.values().map(|(_, since)| *since + settle).min()
    }
}
