//! All functions of a host.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::HeaderMap;
use ottavo_api::Api;
use ottavo_core::units::ByteCount;
use ottavo_core::{Clock, Error, FunctionName, Limits, Result, Shutdown};
use ottavo_engine::Engine;
use ottavo_telemetry::metrics::RouteMeter;
use ottavo_telemetry::{GuestLog, Metrics, field};
use tokio::sync::{Mutex, Semaphore, watch};

use crate::admission::Admission;
use crate::answering::Answering;
use crate::artifacts::Artifacts;
use crate::catalogue::{Catalogue, Records};
use crate::compilers::{Compilers, Compiling};
use crate::engines::Engines;
use crate::kept::AllKept;
use crate::line::Line;
use crate::lineage::Lineage;
use crate::load::{bring_all, load};
use crate::prepare::blocking;
use crate::running::StillRunning;
use crate::table::{Routed, Table, Target};
use crate::version::Host;
use crate::{Info, Keys, Miss, Policy, durable, upload};

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
    /// The most versions of a function that are kept.
    pub keep: usize,
    /// What functions may be granted at all.
    pub policy: Policy,
    /// Counts requests, instances and deploys.
    pub metrics: Metrics,
    /// What a compilation may take.
    pub compiling: Compiling,
    /// Who may have signed what is deployed.
    pub keys: Keys,
    /// How long the code of a function that is not called stays in memory.
    pub unload_after: Duration,
}

/// The deployed functions of a host.
pub struct Functions {
    pub(crate) table: ArcSwap<Table>,
    pub(crate) host: Arc<Host>,
    pub(crate) catalogue: Catalogue,
    pub(crate) clock: Arc<dyn Clock>,
    /// The most versions of a function that are kept.
    pub(crate) keep: usize,
    /// Held by the one deploy at a time, from its first look to its switch.
    pub(crate) deploying: Line,
    /// What the catalogue has. Held by whoever changes it and the table: shortly, so that going back
    /// never waits for a deploy that compiles.
    pub(crate) records: Mutex<Records>,
    /// Says that the table is another one.
    pub(crate) changed: watch::Sender<()>,
    pub(crate) uploads: Semaphore,
    /// How long the handler of an event may go on after the shutdown has begun.
    pub(crate) patience: Duration,
    /// How long the code of what is not called stays in memory.
    pub(crate) unload_after: Duration,
}

impl Functions {
    /// Loads what was deployed. A function that does not load is reported and answers 503; the
    /// others serve.
    ///
    /// # Errors
    /// When the folder or the catalogue cannot be used.
    pub async fn open(config: Config, engine: Engine, api: Arc<Api>) -> Result<Functions> {
        let Config { folder, limits, max_memory, clock, shutdown, grace, .. } = config;
        let Config { keep, metrics, policy, compiling, keys, unload_after, .. } = config;
        let compilers = Compilers::new(compiling);
        let opened =
            durable::open_folder(&folder).and_then(|()| Artifacts::open(&folder.join("artifacts")));
        let artifacts = opened.map_err(|error| {
            let folder = folder.display();
            Error::invalid(format!("cannot keep functions in `{folder}`: {error}; make it writable, or choose another data directory"))
        })?;
        let catalogue = Catalogue::at(&folder.join("catalogue.json"));
        let mut records = blocking(|| catalogue.load())?;
        let engines = Engines::new(engine)?;
        let (defaults, kept) = (limits, AllKept::default());
        let admission = Admission::new(engines.first().max_instances());
        let host = Arc::new(Host {
            engines,
            artifacts,
            compilers,
            keys,
            api,
            defaults,
            max_memory,
            kept,
            admission,
            shutdown,
            metrics,
            policy,
        });
        let (brought, noted) = bring_all(&host, &mut records).await;
        if noted && let Err(error) = blocking(|| catalogue.save(&records)) {
            tracing::warn!({ field::ERROR } = %error, "the next start loads all functions once more");
        }
        let answering = |lineage: &Lineage| {
            let log = Arc::default();
            Arc::new(Answering::of(lineage, |record| load(&host, &brought, record, &log)))
        };
        let table = ArcSwap::from_pointee(Table::new(records.values().map(answering))?);
        let (changed, patience) = (watch::Sender::new(()), grace.mul_f64(0.8));
        let (deploying, records) = (Line::of("deploy"), Mutex::new(records));
        let functions = Functions {
            table,
            host,
            catalogue,
            clock,
            keep,
            deploying,
            records,
            changed,
            uploads: upload::room(),
            patience,
            unload_after,
        };
        blocking(|| functions.sweep())?;
        Ok(functions)
    }

    /// Where a request goes: `host` without a port, `path` percent-encoded as received. Of several
    /// versions that answer, the headers may decide.
    ///
    /// # Errors
    /// See [`Miss`].
    pub fn route(
        &self,
        host: Option<&str>,
        method: &http::Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<Routed, Miss> {
        let table = self.table.load();
        let found = table.routes().find(host, method, path)?;
        Ok(Routed {
            target: Target(Arc::clone(found.value.answering.choose(headers))),
            meter: Arc::clone(&found.value.meter),
            params: found.params,
            route: Arc::clone(found.route),
        })
    }

    /// Counts requests that have no route.
    pub fn unrouted(&self) -> &Arc<RouteMeter> {
        self.host.metrics.unrouted()
    }

    /// The version of a function for a call by name with these headers.
    ///
    /// # Errors
    /// `not-found`.
    pub fn called(&self, name: &str, headers: &HeaderMap) -> Result<Target> {
        Ok(Target(Arc::clone(self.table.load().answering(name)?.choose(headers))))
    }

    /// The active version of a function.
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

    /// The functions that answer nothing, each with the reason.
    pub fn broken(&self) -> Vec<(FunctionName, String)> {
        self.table.load().broken()
    }

    /// The calls that run now, function by function.
    pub fn running(&self) -> Vec<StillRunning> {
        self.host.admission.running()
    }

    /// The log of a function, for a reader; it goes on over new versions and ends with a delete.
    ///
    /// # Errors
    /// `not-found`.
    pub fn log(&self, name: &str) -> Result<Arc<GuestLog>> {
        Ok(Arc::clone(&self.table.load().by_name(name)?.log))
    }

    /// The log of a function: kept over its versions.
    pub(crate) fn log_of(&self, name: &str) -> Arc<GuestLog> {
        let table = self.table.load();
        table.by_name(name).map_or_else(|_| Arc::default(), |version| Arc::clone(&version.log))
    }
}
