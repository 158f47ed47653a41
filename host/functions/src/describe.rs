//! All that is known of a function.

use std::sync::Arc;

use ottavo_core::{Error, Result};

use crate::prepare::blocking;
use crate::{Described, Functions};

impl Functions {
    /// Reads a function's component once more and tells what it imports and exports.
    ///
    /// # Errors
    /// `not-found`; what is wrong with its artifact on disk.
    pub async fn describe(&self, name: &str) -> Result<Described> {
        let answering = Arc::clone(self.table.load().answering(name)?);
        let version = &answering.active;
        let record = version.record.clone();
        let surface = blocking(|| {
            let component = self.host.artifacts.get(&record.component)?;
            let inspection = ottavo_componentize::inspect(&component)?;
            let granted = record.manifest.needs.blocks();
            Ok::<_, Error>(ottavo_componentize::surface(&inspection, Some(&granted)))
        })?;
        let (granted, problem) = (version.granted(), version.problem());
        let (component, manifest) = (record.component, record.manifest);
        Ok(Described { info: answering.info(), component, granted, problem, surface, manifest })
    }
}
