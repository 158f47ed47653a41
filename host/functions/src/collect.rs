//! What is deployed changes, and what nobody needs any more goes.
//!
//! First the catalogue is on disk, then the table is switched, then files are removed: a host that is
//! killed in between leaves files that no record names, which the next start sweeps.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

use ottavo_core::{Digest, Error, Kind, Result};
use ottavo_telemetry::field;

use crate::Functions;
use crate::catalogue::Records;
use crate::prepare::blocking;
use crate::table::Table;

impl Functions {
    /// Makes `changed` what is deployed, and `table`, where there is one, what answers; gives the
    /// artifacts that are gone with that.
    ///
    /// # Errors
    /// `unavailable` when the catalogue cannot be written, and nothing has changed.
    pub(crate) fn commit(
        &self,
        records: &mut Records,
        changed: Records,
        table: Option<Table>,
    ) -> Result<Vec<Digest>> {
        blocking(|| self.catalogue.save(&changed))?;
        let before = mem::replace(records, changed);
        if let Some(table) = table {
            self.table.store(Arc::new(table));
            self.changed.send_replace(());
        }
        let mut candidates = named(&before);
        candidates.append(&mut self.artifacts.expired());
        Ok(self.collect(candidates, records))
    }

    /// Removes those of `candidates` that no record names, and what was compiled of them. That a file
    /// cannot be removed is logged: it is only room on the disk.
    pub(crate) fn collect(&self, candidates: BTreeSet<Digest>, records: &Records) -> Vec<Digest> {
        let unused: Vec<_> = candidates.difference(&named(records)).copied().collect();
        let remove = |digest: &Digest| match self.artifacts.remove(digest) {
            Ok(there) => there,
            Err(error) => {
                let digest = digest.short();
                tracing::warn!({ field::ERROR } = %error, digest, "an unused artifact stays");
                false
            }
        };
        blocking(|| {
            // what was compiled goes first: a sweep finds it by its artifact
            let free = unused.into_iter().filter(|digest| !self.artifacts.is_held(digest));
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
        let all = self.artifacts.all().map_err(|error| {
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

/// The artifacts and components of all kept versions.
fn named(records: &Records) -> BTreeSet<Digest> {
    let versions = records.values().flat_map(|lineage| lineage.versions.values());
    versions.flat_map(|record| [record.artifact, record.component]).collect()
}
