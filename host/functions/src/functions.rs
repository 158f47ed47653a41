//! All functions of a host.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use ottavo_api::Api;
use ottavo_core::units::ByteCount;
use ottavo_core::{Clock, Digest, Error, Limits, Result, Shutdown};
use ottavo_engine::Engine;
use ottavo_manifest::Manifest;
use ottavo_telemetry::metrics::{DeployOutcome, RouteMeter};
use ottavo_telemetry::{GuestLog, Metrics, field};
use tokio::sync::{Mutex, watch};

use crate::artifacts::Artifacts;
use crate::catalogue::{Catalogue, Record, Records};
use crate::deploy::blocking;
use crate::kept::AllKept;
use crate::table::{Routed, Table, Target};
use crate::version::{Host, Version};
use crate::{Deployed, Info, Miss, deploy, durable, widening};

/// What the functions of a host are made of.
pub struct Config {
    /// Where the catalogue and the artifacts are kept.
    pub folder: PathBuf,
    /// The limits of functions that do not set them.
    pub limits: Limits,
    /// The largest memory limit: the slot size of the engine.
    pub max_memory: ByteCount,
    /// Dates deploys.
    pub clock: Arc<dyn Clock>,
    /// Ends what waits for further calls, and the deliveries of events.
    pub shutdown: Shutdown,
    /// How long calls may go on after it has begun.
    pub grace: Duration,
    /// Counts requests, instances and deploys.
    pub metrics: Metrics,
}

/// The deployed functions of a host.
pub struct Functions {
    pub(crate) table: ArcSwap<Table>,
    pub(crate) host: Arc<Host>,
    pub(crate) artifacts: Artifacts,
    pub(crate) catalogue: Catalogue,
    pub(crate) clock: Arc<dyn Clock>,
    /// Held by the one deploy that changes the catalogue and the table.
    pub(crate) deploying: Mutex<Records>,
    /// Says that the table is another one.
    pub(crate) changed: watch::Sender<()>,
    /// How long the handler of an event may go on after the shutdown has begun.
    pub(crate) patience: Duration,
}

impl Functions {
    /// Loads what was deployed. A function that does not load is reported and answers 503; the
    /// others serve.
    ///
    /// # Errors
    /// When the folder or the catalogue cannot be used.
    pub fn open(config: Config, engine: Engine, api: Arc<Api>) -> Result<Functions> {
        let Config { folder, limits, max_memory, clock, shutdown, grace, metrics } = config;
        let opened =
            durable::open_folder(&folder).and_then(|()| Artifacts::open(&folder.join("artifacts")));
        let artifacts = opened.map_err(|error| {
            let folder = folder.display();
            Error::invalid(format!("cannot keep functions in `{folder}`: {error}; make it writable, or choose another data directory"))
        })?;
        let catalogue = Catalogue::at(&folder.join("catalogue.json"));
        let records = blocking(|| catalogue.load())?;
        let linker = ottavo_imports::linker(engine.wasmtime())
            .map_err(|error| Error::internal(format!("{error:#}")))?;
        let (defaults, kept) = (limits, AllKept::default());
        let host =
            Arc::new(Host { engine, linker, api, defaults, max_memory, kept, shutdown, metrics });
        let versions = blocking(|| {
            records.values().map(|record| load(&host, &artifacts, record)).collect::<Vec<_>>()
        });
        let table = ArcSwap::from_pointee(Table::new(versions)?);
        let deploying = Mutex::new(records);
        let (changed, patience) = (watch::Sender::new(()), grace.mul_f64(0.8));
        Ok(Functions { table, host, artifacts, catalogue, clock, deploying, changed, patience })
    }

    /// Where a request goes: `host` without a port, `path` percent-encoded as received.
    ///
    /// # Errors
    /// See [`Miss`].
    pub fn route(
        &self,
        host: Option<&str>,
        method: &http::Method,
        path: &str,
    ) -> Result<Routed, Miss> {
        let table = self.table.load();
        let found = table.routes().find(host, method, path)?;
        Ok(Routed {
            target: Target(Arc::clone(&found.value.version)),
            meter: Arc::clone(&found.value.meter),
            params: found.params,
            route: found.route.to_owned(),
        })
    }

    /// Counts requests that have no route.
    pub fn unrouted(&self) -> &Arc<RouteMeter> {
        self.host.metrics.unrouted()
    }

    /// The current version of a function, for a call by name.
    ///
    /// # Errors
    /// `not-found`.
    pub fn by_name(&self, name: &str) -> Result<Target> {
        Ok(Target(Arc::clone(self.table.load().by_name(name)?)))
    }

    /// Every function, by name.
    pub fn list(&self) -> Vec<Info> {
        self.table.load().infos()
    }

    /// Keeps an artifact, on disk when this returns.
    ///
    /// # Errors
    /// `invalid-argument` when the bytes do not have this digest, `unavailable` when they cannot be
    /// written.
    pub async fn put_artifact(&self, digest: Digest, bytes: Bytes) -> Result<()> {
        blocking(|| {
            let found = Digest::of(&bytes);
            if found != digest {
                return Err(Error::invalid(format!(
                    "the artifact has the digest `{found}`, not `{digest}`: send it once more"
                )));
            }
            self.artifacts.put(&digest, &bytes)
        })
    }

    /// Makes an uploaded artifact the current version of a function: validated, compiled, tried,
    /// written to disk, and only then switched to. The version before answers until then, and stays
    /// when anything fails.
    ///
    /// Nothing of a version that asks for more than the one before runs unless `accept` is set.
    ///
    /// # Errors
    /// What is wrong with the manifest or the artifact, and what to do; `failed-precondition` with
    /// each grant that is new and was not accepted.
    pub async fn deploy(
        &self,
        manifest: Manifest,
        artifact: Digest,
        accept: bool,
    ) -> Result<Deployed> {
        let deployed = self.switch_to(manifest, artifact, accept).await;
        self.host.metrics.deployed(match &deployed {
            Ok(Deployed { changed: true, .. }) => DeployOutcome::Deployed,
            Ok(_) => DeployOutcome::Unchanged,
            Err(_) => DeployOutcome::Failed,
        });
        deployed
    }

    async fn switch_to(
        &self,
        manifest: Manifest,
        artifact: Digest,
        accept: bool,
    ) -> Result<Deployed> {
        manifest.check()?;
        let mut records = self.deploying.lock().await;
        let before = records.get(&manifest.name).cloned();
        if let Some(before) = &before
            && before.manifest == manifest
            && before.artifact == artifact
            && let Ok(target) = self.by_name(manifest.name.as_str())
            && target.0.code.is_ok()
        {
            let granted = target.0.granted();
            let (info, added) = (target.0.info.clone(), Vec::new());
            return Ok(Deployed { info, changed: false, granted, added });
        }
        let added = widening::added(&manifest, before.as_ref(), accept)?;
        let next = before.as_ref().map_or(1, |before| before.version + 1);
        let known = before.as_ref().map(|before| &before.manifest);
        let (subscribed, watched, bound) = known
            .map(|known| (&*known.subscribe, &*known.watch, &*known.binding))
            .unwrap_or_default();
        let (record, version) = deploy::prepare(self, manifest, artifact, next).await?;
        self.join_new(&record.manifest, subscribed).await?;
        self.watch_new(&record.manifest, watched).await?;
        self.listen_new(&record.manifest, bound).await?;
        let current = self.table.load();
        let others = current.versions().filter(|v| v.info.name != version.info.name).cloned();
        let table = Table::new(others.chain([Arc::clone(&version)]))?;
        let mut changed = records.clone();
        changed.insert(version.info.name.clone(), record);
        blocking(|| self.catalogue.save(&changed))?;
        *records = changed;
        self.switch(table);
        let granted = version.granted();
        tracing::info!(
            { field::FUNCTION } = %version.info.name,
            { field::VERSION } = version.info.version,
            digest = version.info.digest.short(),
            granted,
            "deployed"
        );
        Ok(Deployed { info: version.info.clone(), changed: true, granted, added })
    }

    /// Makes this what is deployed.
    pub(crate) fn switch(&self, table: Table) {
        self.table.store(Arc::new(table));
        self.changed.send_replace(());
    }

    /// The log of a function, for a reader; it goes on over new versions and ends with a delete.
    ///
    /// # Errors
    /// `not-found`.
    pub fn log(&self, name: &str) -> Result<Arc<GuestLog>> {
        Ok(Arc::clone(&self.table.load().by_name(name)?.log))
    }

    /// Gives up an artifact that no function needs any more, on disk too. Calls under way in an
    /// older version of it end as they would. One that is deployed stays.
    pub async fn forget(&self, artifact: Digest) {
        let records = self.deploying.lock().await;
        blocking(|| self.remove_unused(BTreeSet::from([artifact]), &records));
    }

    /// The log of a function: kept over its versions.
    pub(crate) fn log_of(&self, name: &str) -> Arc<GuestLog> {
        let table = self.table.load();
        table.by_name(name).map_or_else(|_| Arc::default(), |version| Arc::clone(&version.log))
    }
}

/// A version from disk. Blocks.
fn load(host: &Arc<Host>, artifacts: &Artifacts, record: &Record) -> Arc<Version> {
    let code = (|| {
        let grants = host.grants(&record.manifest)?;
        let limits = host.limits(&record.manifest)?;
        let compiled = match host.engine.load(&record.component) {
            Some(compiled) => compiled,
            None => host.engine.compile(&record.component, &artifacts.get(&record.component)?)?,
        };
        Ok::<_, Error>((host.link(&compiled, grants)?, limits))
    })();
    let (code, limits) = match code {
        Ok((code, limits)) => (Ok(code), limits),
        Err(error) => {
            let name = &record.manifest.name;
            tracing::error!({ field::FUNCTION } = %name, %error, "a deployed function does not load");
            (Err(format!("does not load: {error}")), record.manifest.limits.over(host.defaults))
        }
    };
    Arc::new(Version::new(host, record, limits, Arc::default(), code))
}
