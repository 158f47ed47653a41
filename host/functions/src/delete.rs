//! The end of a function.

use std::collections::BTreeSet;
use std::sync::Arc;

use ottavo_core::{Digest, Result};
use ottavo_telemetry::field;

use crate::catalogue::Records;
use crate::deploy::blocking;
use crate::table::Table;
use crate::{Deleted, Functions};

impl Functions {
    /// Takes a function away: off the disk, then off its routes, and when this returns nobody
    /// reaches it any more. Calls under way end as they would have.
    ///
    /// # Behavior
    /// - Its artifacts go with it, unless another function uses them. That a file cannot be removed
    ///   is logged and fails nothing: the function is gone.
    /// - Whoever follows its log is told that it has ended.
    ///
    /// # Errors
    /// `not-found`; `unavailable` when the catalogue cannot be written, and nothing has changed.
    pub async fn delete(&self, name: &str) -> Result<Deleted> {
        let mut records = self.deploying.lock().await;
        let current = self.table.load();
        let gone = Arc::clone(current.by_name(name)?);
        let others = current.versions().filter(|v| v.info.name != gone.info.name).cloned();
        let table = Table::new(others)?;
        let mut changed = records.clone();
        changed.remove(&gone.info.name);
        blocking(|| self.catalogue.save(&changed))?;
        *records = changed;
        self.switch(table);
        gone.log.close();
        let digests = BTreeSet::from([gone.record.artifact, gone.record.component]);
        let removed = blocking(|| self.remove_unused(digests, &records));
        tracing::info!(
            { field::FUNCTION } = %gone.info.name,
            { field::VERSION } = gone.info.version,
            removed = removed.len(),
            "deleted"
        );
        Ok(Deleted { name: gone.info.name.clone(), version: gone.info.version, removed })
    }

    /// Removes those of `digests` that no record names, and what was compiled of them. Blocks.
    pub(crate) fn remove_unused(
        &self,
        digests: BTreeSet<Digest>,
        records: &Records,
    ) -> Vec<Digest> {
        let used = |digest: &Digest| {
            records.values().any(|r| r.artifact == *digest || r.component == *digest)
        };
        let unused = digests.into_iter().filter(|digest| !used(digest));
        unused
            .filter(|digest| {
                self.host.engine.forget(digest);
                match self.artifacts.remove(digest) {
                    Ok(there) => there,
                    Err(error) => {
                        let digest = digest.short();
                        tracing::warn!({ field::ERROR } = %error, digest, "an unused artifact stays");
                        false
                    }
                }
            })
            .collect()
    }
}
