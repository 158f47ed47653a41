//! The end of a function, or of one of its versions.

use std::sync::Arc;

use ottavo_core::Result;
use ottavo_telemetry::field;

use crate::lineage::in_use;
use crate::table::Table;
use crate::{Deleted, Functions};

impl Functions {
    /// Takes a function away, with all its versions: off the disk, then off its routes, and when this
    /// returns nobody reaches it any more. Calls under way end as they would have.
    ///
    /// # Behavior
    /// - Its artifacts go with it, unless another function uses them. That a file cannot be removed
    ///   is logged and fails nothing: the function is gone.
    /// - Whoever follows its log is told that it has ended.
    ///
    /// # Errors
    /// `not-found`; `unavailable` when the catalogue cannot be written, and nothing has changed.
    pub async fn delete(&self, name: &str) -> Result<Deleted> {
        let mut records = self.records.lock().await;
        let current = self.table.load();
        let gone = Arc::clone(current.by_name(name)?);
        let table = Table::new(current.without(&gone.info.name))?;
        let removed = self.commit(&mut records, &gone.info.name, None, Some(table))?;
        gone.log.close();
        tracing::info!(
            { field::FUNCTION } = %gone.info.name,
            { field::VERSION } = gone.info.version,
            removed = removed.len(),
            "deleted"
        );
        Ok(Deleted { name: gone.info.name.clone(), version: gone.info.version, removed })
    }

    /// Takes a kept version away that answers no requests.
    ///
    /// # Errors
    /// `not-found` for a function or a version that is not kept, `failed-precondition` for one that
    /// answers.
    pub async fn delete_version(&self, name: &str, version: u64) -> Result<Deleted> {
        let name = self.by_name(name)?.name().clone();
        let mut records = self.records.lock().await;
        let lineage = records.get(&name).ok_or_else(|| self.absent(name.as_str()))?;
        let mut lineage = lineage.clone();
        lineage.get(&name, version)?;
        if lineage.uses(version) {
            return Err(in_use(&name, version, lineage.share(version)));
        }
        lineage.drop(version);
        let removed = self.commit(&mut records, &name, Some(lineage), None)?;
        tracing::info!({ field::FUNCTION } = %name, { field::VERSION } = version, "version deleted");
        Ok(Deleted { name, version, removed })
    }
}
