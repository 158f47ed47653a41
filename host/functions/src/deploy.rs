//! A new version of a function.

use std::sync::Arc;

use ottavo_core::{Digest, Error, Kind, Result};
use ottavo_manifest::Manifest;
use ottavo_telemetry::field;
use ottavo_telemetry::metrics::DeployOutcome;

use crate::answering::Answering;
use crate::lineage::Lineage;
use crate::prepare::{blocking, prepare};
use crate::version::Version;
use crate::{Candidate, Change, Deployed, Functions, widening};

impl Functions {
    /// Makes an uploaded artifact a version of a function: validated, compiled, tried, written to
    /// disk, and only then switched to, if at all. The version before answers until then, and stays
    /// when anything fails.
    ///
    /// # Behavior
    /// - One at a time; what changes which versions answer does not wait for it.
    /// - Nothing of a version that asks for more than the active one runs unless that is accepted.
    /// - What the active or the newest version has already is not made again.
    /// - A new active version has all requests: a split ends.
    ///
    /// # Errors
    /// What is wrong with the manifest or the artifact, and what to do; `failed-precondition` with
    /// each grant that is new and was not accepted, or when the first version is not to be active.
    pub async fn deploy(&self, candidate: Candidate) -> Result<Deployed> {
        // boxed: it compiles, which is much to hold for whoever waits
        let deployed = Box::pin(self.add(candidate)).await;
        self.host.metrics.deployed(match &deployed {
            Ok(Deployed { changed: true, .. }) => DeployOutcome::Deployed,
            Ok(_) => DeployOutcome::Unchanged,
            Err(_) => DeployOutcome::Failed,
        });
        deployed
    }

    async fn add(&self, candidate: Candidate) -> Result<Deployed> {
        let Candidate { manifest, artifact, accept, activate, .. } = &candidate;
        let (name, artifact, accept, activate) =
            (manifest.name.clone(), *artifact, *accept, *activate);
        manifest.check()?;
        // before anybody is asked to accept what cannot be granted
        self.host.policy.check(manifest)?;
        let signature = candidate.signature.as_deref();
        let path = self.host.artifacts.path(&artifact);
        let signed = blocking(|| self.host.keys.check(&path, &artifact, signature))
            .map_err(|error| error.map_message(|why| format!("`{name}` is not deployed: {why}")))?;
        let _one = self.deploying.turn().await?;
        let before = self.records.lock().await.get(&name).cloned();
        if before.is_none() && !activate {
            return Err(first_is_active(&candidate.manifest));
        }
        let added = widening::added(manifest, before.as_ref().map(Lineage::active), accept)?;
        if let Some(known) =
            before.as_ref().and_then(|before| before.same(manifest, &artifact, signed.as_ref()))
            && let Some(deployed) = self.again(&candidate, known, added).await?
        {
            return Ok(deployed);
        }
        let number = before.as_ref().map_or(1, Lineage::next);
        let (record, version) = prepare(self, candidate, number, signed).await?;
        let component = record.component;

        let mut records = self.records.lock().await;
        let before = records.get(&name).cloned();
        // another one may be active by now
        let active = before.as_ref().map(Lineage::active);
        let added = widening::added(&record.manifest, active, accept)?;
        if activate {
            self.trigger_new(&record.manifest, active.map(|active| &active.manifest)).await?;
        }
        let lineage = match before {
            Some(mut lineage) => {
                lineage.add(record);
                if activate {
                    lineage.activate(number);
                }
                lineage.prune(self.keep);
                lineage
            }
            None if activate => Lineage::of(record),
            None => return Err(first_is_active(&record.manifest)),
        };
        let answering = || Answering::one(Arc::clone(&version));
        let table = activate.then(|| self.table.load().with(answering())).transpose()?;
        // from here on the catalogue names them
        [artifact, component].iter().for_each(|digest| self.host.artifacts.release(digest));
        self.commit(&mut records, &name, Some(lineage), table)?;
        drop(records);
        let granted = version.granted();
        tracing::info!(
            { field::FUNCTION } = %version.info.name,
            { field::VERSION } = version.info.version,
            digest = version.info.digest.short(),
            granted,
            signed_by = version.info.signed_by,
            active = activate,
            "deployed"
        );
        let info = version.info.clone();
        Ok(Deployed { info, changed: true, active: activate, granted, added })
    }

    /// The version that is known already; made active where that is wanted. None when it is active
    /// and cannot be called, so that another one is to be made.
    async fn again(
        &self,
        candidate: &Candidate,
        known: u64,
        added: Vec<String>,
    ) -> Result<Option<Deployed>> {
        let name = &candidate.manifest.name;
        let mut changed = false;
        if candidate.activate {
            changed =
                self.change(name.as_str(), Change::Activate { version: known }).await?.changed;
        }
        let Some((version, active)) = self.kept(name, known).await else { return Ok(None) };
        let broken = |version: &Version| version.problem().is_some();
        if broken(&version) || active && broken(&self.by_name(name.as_str())?.0) {
            return Ok(None);
        }
        let granted = version.granted();
        Ok(Some(Deployed { info: version.info.clone(), changed, active, granted, added }))
    }

    /// Joins what a manifest is triggered by and the active one is not, so that it is only
    /// acknowledged when events are kept for it.
    ///
    /// # Errors
    /// Those of the stores, with the table.
    pub(crate) async fn trigger_new(
        &self,
        manifest: &Manifest,
        active: Option<&Manifest>,
    ) -> Result<()> {
        let (subscribed, watched, bound) = active
            .map(|known| (&*known.subscribe, &*known.watch, &*known.binding))
            .unwrap_or_default();
        self.join_new(manifest, subscribed).await?;
        self.watch_new(manifest, watched).await?;
        self.listen_new(manifest, bound).await
    }

    /// Gives up an artifact that no function needs any more, on disk too. One that is deployed stays.
    pub async fn forget(&self, artifact: Digest) {
        let records = self.records.lock().await;
        self.host.artifacts.release(&artifact);
        self.collect([artifact].into(), &records);
    }
}

fn first_is_active(manifest: &Manifest) -> Error {
    let message = format!(
        "`{}` has no version that answers: its first one is deployed to be active",
        manifest.name
    );
    Error::new(Kind::FailedPrecondition, message)
}
