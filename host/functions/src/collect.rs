//! What is deployed changes, and what nobody needs any more goes.
//!
//! First the catalogue is on disk, then the table is switched, then files are removed: a host that is
//! killed in between leaves files that no record names, which the next start sweeps.

use std::collections::BTreeSet;
use std::sync::Arc;

use ottavo_core::{Digest, Error, FunctionName, Kind, Result};
use ottavo_telemetry::field;

use crate::Functions;
use crate::catalogue::Records;
use crate::lineage::Lineage;
use crate::prepare::blocking;
use crate::table::Table;

impl Functions {
    /// Makes `lineage` what is deployed of a function, none when it is deleted, and `table`, where there
    /// is one, what answers; gives the artifacts that are gone with that.
    ///
    /// # Errors
    /// `unavailable` when the catalogue cannot be written, and nothing has changed.
    pub(crate) fn commit(
        &self,
        records: &mut Records,
        name: &FunctionName,
        lineage: Option<Lineage>,
        table: Option<Table>,
    ) -> Result<Vec<Digest>> {
        let before = put(records, name, lineage);
        if let Err(error) = blocking(|| self.catalogue.save(records)) {
            put(records, name, before);
            return Err(error);
        }
        if let Some(table) = table {
            let replaced = self.table.swap(Arc::new(table));
            self.changed.send_replace(());
            self.hold(&replaced, name);
        }
        let mut candidates: BTreeSet<_> = before.iter().flat_map(Lineage::digests).collect();
        candidates.append(&mut self.host.artifacts.expired());
        Ok(self.collect(candidates, records))
    }

    /// Loads what is about to leave the disk, for requests that have found it and did not call it yet.
    fn hold(&self, replaced: &Table, name: &FunctionName) {
        let Ok(before) = replaced.answering(name.as_str()) else { return };
        blocking(|| before.versions().filter(|v| !self.answers(v)).for_each(|v| v.hold()));
    }

    /// Removes those of `candidates` that no record names, and what was compiled of them. That a file
    /// cannot be removed is logged: it is only room on the disk.
    pub(crate) fn collect(&self, candidates: BTreeSet<Digest>, records: &Records) -> Vec<Digest> {
        let mut unused = candidates;
        for digest in records.values().flat_map(Lineage::digests) {
            unused.remove(&digest);
        }
        let remove = |digest: &Digest| match self.host.artifacts.remove(digest) {
            Ok(there) => there,
            Err(error) => {
                let digest = digest.short();
                tracing::warn!({ field::ERROR } = %error, digest, "an unused artifact stays");
                false
            }
        };
        blocking(|| {
            // what was compiled goes first: a sweep finds it by its artifact
            let free = unused.into_iter().filter(|digest| !self.host.artifacts.is_held(digest));
            free.inspect(|digest| self.host.engines.forget(digest)).filter(remove).collect()
        })
    }

    /// Removes what a host that was killed left behind. Without a catalogue nothing is: somebody may
    /// have moved it away to put it back. Blocks.
    ///
    /// # Errors
    /// `unavailable` when the folder cannot be read.
    pub(crate) fn sweep(&self) -> Result<()> {
        if !self.catalogue.exists() {
            return Ok(());
        }
        let all = self.host.artifacts.all().map_err(|error| {
            Error::new(Kind::Unavailable, format!("cannot read the artifacts: {error}"))
                .with_source(error)
        })?;
        let Ok(records) = self.records.try_lock() else { return Ok(()) };
        let removed = self.collect(all, &records);
        if !removed.is_empty() {
            tracing::info!(removed = removed.len(), "removed artifacts that no version names");
        }
        Ok(())
    }
}

/// Puts a lineage in the place of what there was, or nothing; gives what there was.
fn put(records: &mut Records, name: &FunctionName, lineage: Option<Lineage>) -> Option<Lineage> {
    match lineage {
        Some(lineage) => records.insert(name.clone(), lineage),
        None => records.remove(name),
    }
}
