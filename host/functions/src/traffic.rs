//! Which of the kept versions of a function answer.
//!
//! A version that begins to answer is loaded and tried first, as a deploy does; what answered goes on
//! when it cannot start. Saying what is so already changes nothing.

use std::sync::Arc;

use http::HeaderName;
use ottavo_core::{Error, FunctionName, Kind, Result};
use ottavo_telemetry::field;

use crate::answering::Answering;
use crate::catalogue::{Record, Records};
use crate::lineage::Lineage;
use crate::load::{Brought, bring, load};
use crate::version::Version;
use crate::{Change, Changed, Functions, versions, widening};

impl Functions {
    /// Changes which versions of a function answer: on disk and in force when this returns. Calls
    /// under way end on the version that they began on.
    ///
    /// # Errors
    /// `not-found` for a function or a version that is not kept, `invalid-argument` for shares that
    /// do not add up, `failed-precondition` when there is nothing to go back to or to promote, and
    /// why a version cannot start.
    pub async fn change(&self, name: &str, change: Change) -> Result<Changed> {
        let name = self.by_name(name)?.name().clone();
        // what is to answer is compiled before anybody waits for the records
        let wanted = self.after(&*self.records.lock().await, &name, change.clone())?;
        let brought = self.bring(wanted.used().cloned().collect()).await;
        let mut records = self.records.lock().await;
        let before = records.get(&name).ok_or_else(|| self.absent(name.as_str()))?;
        let lineage = self.after(&records, &name, change)?;
        let known = Some(before.active());
        let added = match lineage.active == before.active {
            true => Vec::new(),
            // it was granted when it was deployed
            false => widening::added(&lineage.active().manifest, known, true)?,
        };
        if lineage == *before {
            let versions = versions::of(&name, &lineage);
            return Ok(Changed { changed: false, added, versions });
        }
        let answering = Answering::of(&lineage, |record| self.loaded(record, &brought));
        for version in answering.versions() {
            if !self.answers(version) {
                version.starts().await?;
            }
        }
        let manifest = known.map(|active| &active.manifest);
        self.trigger_new(&lineage.active().manifest, manifest).await?;
        let table = self.table.load().with(answering)?;
        let (versions, from) = (versions::of(&name, &lineage), before.active);
        self.commit(&mut records, &name, Some(lineage), Some(table))?;
        tracing::info!(
            { field::FUNCTION } = %versions.name,
            { field::VERSION } = versions.active,
            from,
            shares = ?versions.versions.iter().map(|v| (v.version, v.share)).collect::<Vec<_>>(),
            "other versions answer"
        );
        Ok(Changed { changed: true, added, versions })
    }

    /// What a change makes of the versions of a function.
    fn after(&self, records: &Records, name: &FunctionName, change: Change) -> Result<Lineage> {
        let before = records.get(name).ok_or_else(|| self.absent(name.as_str()))?;
        let mut lineage = before.clone();
        apply(&mut lineage, name, change)?;
        Ok(lineage)
    }

    /// What these versions run, but for those that answer already.
    pub(crate) async fn bring(&self, mut records: Vec<Record>) -> Brought {
        records.retain(|record| self.known(record).is_none());
        bring(&self.host, records).await
    }

    /// A version: the one that answers, where it does, else from what was brought.
    pub(crate) fn loaded(&self, record: &Record, brought: &Brought) -> Arc<Version> {
        let log = || self.log_of(record.manifest.name.as_str());
        self.known(record).unwrap_or_else(|| load(&self.host, brought, record, &log()))
    }

    /// The version that answers and is exactly this.
    fn known(&self, record: &Record) -> Option<Arc<Version>> {
        let name = record.manifest.name.as_str();
        let answering = self.table.load().answering(name).ok().map(Arc::clone)?;
        let mut all = answering.versions();
        all.find(|known| known.record == *record && known.problem().is_none()).map(Arc::clone)
    }

    /// Whether it is one of those that answer.
    pub(crate) fn answers(&self, version: &Arc<Version>) -> bool {
        let table = self.table.load();
        let answering = table.answering(&version.name);
        answering.is_ok_and(|answering| answering.versions().any(|v| Arc::ptr_eq(v, version)))
    }

    /// That there is no function of this name.
    pub(crate) fn absent(&self, name: &str) -> Error {
        let error = format!("no function `{name}` is deployed; `ottavo list` shows all");
        Error::not_found(error)
    }
}

impl Version {
    /// Whether a version that is to answer can.
    ///
    /// # Errors
    /// `failed-precondition` with the reason.
    async fn starts(self: &Arc<Self>) -> Result<()> {
        if let Some(why) = self.problem() {
            let (name, version) = (&self.name, self.info.version);
            let message = format!("version {version} of `{name}` {why}");
            return Err(Error::new(Kind::FailedPrecondition, message));
        }
        self.try_out().await
    }
}

fn apply(lineage: &mut Lineage, name: &FunctionName, change: Change) -> Result<()> {
    let refused = |message: String| Err(Error::new(Kind::FailedPrecondition, message));
    match change {
        Change::Activate { version } => {
            lineage.get(name, version)?;
            lineage.activate(version);
        }
        Change::Rollback { from: Some(from) } if !lineage.uses(from) => {}
        Change::Rollback { .. } if lineage.split.is_some() => lineage.split = None,
        Change::Rollback { .. } => {
            if lineage.previous().is_none() {
                let active = lineage.active;
                return refused(format!(
                    "nothing to go back to: no version that was active before v{active} of `{name}` is kept; `ottavo versions {name}` shows what is"
                ));
            }
            lineage.roll_back();
        }
        Change::Split { shares, sticky } => {
            let sticky = sticky.map(|header| header_of(&header)).transpose()?;
            lineage.split(name, &shares, sticky)?;
        }
        Change::Promote { version: Some(version) } if version == lineage.active => {
            lineage.activate(version);
        }
        Change::Promote { version } => {
            let shares = lineage.split.iter().flat_map(|split| split.shares.keys().copied());
            let shares: Vec<_> = shares.collect();
            let promoted = match (version, &*shares) {
                (None, [one]) => *one,
                (Some(version), _) if shares.contains(&version) => version,
                (Some(version), _) => {
                    lineage.get(name, version)?;
                    return refused(format!(
                        "version {version} of `{name}` has no share of the requests: `ottavo activate {name} v{version}` makes it active"
                    ));
                }
                (None, []) => {
                    return refused(format!(
                        "no version of `{name}` has a share of the requests: `ottavo split {name} v2=10` gives one, `ottavo activate {name} v2` all of them"
                    ));
                }
                (None, several) => {
                    let several: Vec<_> = several.iter().map(|v| format!("v{v}")).collect();
                    let several = several.join(", ");
                    return refused(format!("{several} of `{name}` have shares: say which one"));
                }
            };
            lineage.activate(promoted);
        }
    }
    Ok(())
}

/// A header's name as it is kept: lower-case.
fn header_of(header: &str) -> Result<String> {
    let name: HeaderName = header.parse().map_err(|_| {
        let header = header.escape_debug();
        Error::invalid(format!("`{header}` is not the name of a header: write it like `x-user`"))
    })?;
    Ok(name.as_str().to_owned())
}
