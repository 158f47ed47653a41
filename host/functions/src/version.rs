//! One version of one function, loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

use ottavo_api::{Api, Grants};
use ottavo_core::{Error, Kind, Limits, Result, Shutdown};
use ottavo_manifest::Manifest;
use ottavo_telemetry::metrics::FunctionMeter;
use ottavo_telemetry::{GuestLog, Metrics};

use crate::admission::{Admission, Line};
use crate::artifacts::Artifacts;
use crate::catalogue::Record;
use crate::code::{Code, Handles};
use crate::compilers::Compilers;
use crate::engines::Engines;
use crate::habit::Habit;
use crate::kept::{AllKept, Kept};
use crate::slot::Slot;
use crate::{Info, Keys, Policy, widening};

/// What all versions of a host share.
pub(crate) struct Host {
    pub(crate) engines: Engines,
    pub(crate) artifacts: Artifacts,
    pub(crate) compilers: Compilers,
    pub(crate) keys: Keys,
    pub(crate) api: Arc<Api>,
    /// The limits of functions that do not set them.
    pub(crate) defaults: Limits,
    /// The largest memory limit.
    pub(crate) max_memory: ottavo_core::units::ByteCount,
    pub(crate) kept: AllKept,
    pub(crate) admission: Arc<Admission>,
    pub(crate) shutdown: Shutdown,
    pub(crate) metrics: Metrics,
    pub(crate) policy: Policy,
}

/// A version that requests may reach.
pub(crate) struct Version {
    pub(crate) info: Info,
    /// As it stands in the catalogue.
    pub(crate) record: Record,
    pub(crate) host: Arc<Host>,
    pub(crate) name: Arc<str>,
    pub(crate) log: Arc<GuestLog>,
    pub(crate) meter: Arc<FunctionMeter>,
    /// Whether its calls compute.
    pub(crate) habit: Habit,
    /// Where its calls wait for a place.
    pub(crate) line: Arc<Line>,
    pub(crate) settings: Arc<BTreeMap<String, String>>,
    /// Instances that wait for the next call; none when each call gets a fresh one.
    pub(crate) kept: Option<Arc<Kept>>,
    pub(crate) grants: Arc<Grants>,
    pub(crate) handles: Handles,
    /// Or why it cannot be called, after a start with another configuration.
    pub(crate) code: Result<Slot, String>,
}

/// What a version that can be called is made of, beside what its record says.
pub(crate) struct Ready {
    pub(crate) grants: Grants,
    pub(crate) handles: Handles,
    /// None: it comes with the first call.
    pub(crate) code: Option<Arc<Code>>,
}

impl Host {
    /// What a manifest asks for, checked against this host.
    ///
    /// # Errors
    /// `invalid-argument` with the path in the manifest and what is possible.
    pub(crate) fn grants(&self, manifest: &Manifest) -> Result<Grants> {
        self.policy.check(manifest)?;
        let grants = asked(manifest)?;
        for (block, store) in grants.stores() {
            self.api.stores().check(block, store.as_str()).map_err(|error| {
                Error::new(Kind::FailedPrecondition, format!("`needs.{block}`: {error}"))
            })?;
        }
        for subscribe in &manifest.subscribe {
            self.api.stores().pubsub(subscribe.pubsub.as_str()).map_err(|error| {
                Error::new(Kind::FailedPrecondition, format!("`subscribe.pubsub`: {error}"))
            })?;
        }
        for watch in &manifest.watch {
            self.api.stores().config(watch.config.as_str()).map_err(|error| {
                Error::new(Kind::FailedPrecondition, format!("`watch.config`: {error}"))
            })?;
        }
        for binding in &manifest.binding {
            self.api.stores().binding(binding.name.as_str()).map_err(|error| {
                Error::new(Kind::FailedPrecondition, format!("`binding.name`: {error}"))
            })?;
        }
        Ok(grants)
    }

    /// The limits of a manifest over the host's defaults.
    ///
    /// # Errors
    /// `invalid-argument` when it asks for more memory than a slot of the pool has.
    pub(crate) fn limits(&self, manifest: &Manifest) -> Result<Limits> {
        let limits = manifest.limits.over(self.defaults);
        if limits.memory > self.max_memory {
            let (wanted, most) = (limits.memory, self.max_memory);
            return Err(Error::invalid(format!(
                "`limits.memory` is {wanted}: this host gives up to {most}; raise `engine.max_memory` in its configuration, or ask for less"
            )));
        }
        Ok(limits)
    }
}

/// What a manifest asks for, whether or not this host has it.
///
/// # Errors
/// `invalid-argument` with the path in the manifest.
pub(crate) fn asked(manifest: &Manifest) -> Result<Grants> {
    let mut grants = Grants::default();
    for (block, needs) in manifest.needs.each() {
        for need in needs {
            let allowed = grants.allow(block, need);
            allowed.map_err(|error| error.context(format!("`needs.{block}`")))?;
        }
    }
    Ok(grants)
}

impl Version {
    /// What it may reach, in words.
    pub(crate) fn granted(&self) -> String {
        if self.code.is_err() {
            return "nothing".to_owned();
        }
        let mut granted = self.grants.texts();
        granted.extend(widening::triggers(&self.record.manifest, None));
        match granted.is_empty() {
            true => "nothing".to_owned(),
            false => granted.join(", "),
        }
    }

    /// Puts together what a record says and what was loaded for it.
    pub(crate) fn new(
        host: &Arc<Host>,
        record: &Record,
        limits: Limits,
        log: Arc<GuestLog>,
        ready: Result<Ready, String>,
    ) -> Version {
        let (grants, handles, code) = match ready {
            Ok(Ready { grants, handles, code }) => (grants, handles, Ok(Slot::of(code))),
            Err(why) => (Grants::default(), Handles::nothing(), Err(why)),
        };
        let manifest = &record.manifest;
        let info = Info {
            name: manifest.name.clone(),
            description: manifest.description.clone(),
            version: record.version,
            digest: record.artifact,
            size: record.size,
            deployed_at: record.deployed_at,
            http: manifest.http.clone(),
            subscribe: manifest.subscribe.clone(),
            schedule: manifest.schedule.clone(),
            watch: manifest.watch.clone(),
            binding: manifest.binding.clone(),
            limits,
            signed_by: record.signed_by().map(str::to_owned),
            shares: BTreeMap::new(),
        };
        let settings = manifest.env.iter().map(|(name, value)| (name.clone(), value.clone()));
        let meter = host.metrics.function(info.name.as_str());
        let reuse = limits.reuse;
        let keep = || host.kept.add(reuse, &host.shutdown, Arc::clone(&meter));
        let name = Arc::from(info.name.as_str());
        let line = host.admission.line(&name, limits, Arc::clone(&meter));
        Version {
            line,
            habit: Habit::default(),
            kept: (reuse.calls > 1).then(keep),
            name,
            info,
            record: record.clone(),
            host: Arc::clone(host),
            log,
            settings: Arc::new(settings.collect()),
            grants: Arc::new(grants),
            handles,
            code,
            meter,
        }
    }
}
