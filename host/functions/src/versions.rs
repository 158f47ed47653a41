//! The kept versions of a function, as they are shown.

use std::sync::Arc;

use ottavo_core::{FunctionName, Result};

use crate::lineage::Lineage;
use crate::version::Version;
use crate::{Functions, KeptVersion, Versions};

impl Functions {
    /// The kept versions of a function, and which of them answer.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn versions(&self, name: &str) -> Result<Versions> {
        let name = self.by_name(name)?.name().clone();
        let records = self.records.lock().await;
        match records.get(&name) {
            Some(lineage) => Ok(of(&name, lineage)),
            // it was deleted in between
            None => Err(self.absent(name.as_str())),
        }
    }

    /// A kept version, loaded, and whether it is active.
    pub(crate) async fn kept(
        &self,
        name: &FunctionName,
        version: u64,
    ) -> Option<(Arc<Version>, bool)> {
        let records = self.records.lock().await;
        let lineage = records.get(name)?;
        let (record, active) = (lineage.versions.get(&version)?.clone(), lineage.active == version);
        drop(records);
        let brought = self.bring(vec![record.clone()]).await;
        Some((self.loaded(&record, &brought), active))
    }
}

/// What a lineage says, for whoever asks.
pub(crate) fn of(name: &FunctionName, lineage: &Lineage) -> Versions {
    let kept = lineage.versions.values().rev().map(|record| KeptVersion {
        version: record.version,
        digest: record.artifact,
        size: record.size,
        deployed_at: record.deployed_at,
        signed_by: record.signed_by().map(str::to_owned),
        share: lineage.share(record.version),
    });
    Versions {
        name: name.clone(),
        active: lineage.active,
        previous: lineage.previous(),
        sticky: lineage.split.as_ref().and_then(|split| split.sticky.clone()),
        versions: kept.collect(),
    }
}
