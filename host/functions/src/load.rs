//! Versions from disk: those that answer when the host starts, and those that are to answer again.
//!
//! What is missing of them is compiled before anything is locked or switched. At a start, what is
//! compiled and known to fit stays on disk until it is called (`wake`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ottavo_core::{Error, FunctionName, Kind, Result};
use ottavo_telemetry::{GuestLog, field};

use crate::catalogue::{Record, Records};
use crate::code::{Code, Handles};
use crate::engines::{Found, Linked};
use crate::lineage::Lineage;
use crate::prepare::{blocking, compile};
use crate::version::{Host, Ready, Version};

/// What is there of some versions, or why it is not.
pub(crate) type Brought = BTreeMap<(FunctionName, u64), Result<There>>;

/// What is there of a version.
pub(crate) enum There {
    Loaded(Arc<Code>),
    /// It is compiled, and loaded with its first call.
    OnDisk(Handles),
}

/// Brings what these versions run, from disk or compiled once more.
pub(crate) async fn bring(host: &Host, records: Vec<Record>) -> Brought {
    let mut brought = Brought::new();
    for record in records {
        let code = match blocking(|| still_signed(host, &record)) {
            Ok(()) => compiled(host, &record).await.map(There::Loaded),
            Err(error) => Err(error),
        };
        brought.insert(place(&record), code);
    }
    brought
}

/// The same at a start, for all that answer: nothing is loaded that need not be. What is found out of
/// others is noted in their records, for the next start; whether that is so for any.
pub(crate) async fn bring_all(host: &Host, records: &mut Records) -> (Brought, bool) {
    let (mut brought, mut others, mut there) = (Brought::new(), Vec::new(), BTreeSet::new());
    blocking(|| {
        for record in records.values().flat_map(Lineage::used) {
            match on_disk(host, record, &mut there) {
                Some(handles) => {
                    let signed = still_signed(host, record).map(|()| There::OnDisk(handles));
                    brought.insert(place(record), signed);
                }
                None => others.push(record.clone()),
            }
        }
    });
    let mut noted = false;
    for (place, code) in bring(host, others).await {
        let lineage = records.get_mut(&place.0);
        let record = lineage.and_then(|lineage| lineage.versions.get_mut(&place.1));
        if let (Ok(There::Loaded(code)), Some(record)) = (&code, record) {
            let handles = Some(code.handles());
            noted |= record.handles != handles;
            record.handles = handles;
        }
        brought.insert(place, code);
    }
    (brought, noted)
}

/// What a version has handlers of, where it can wait for its first call. `there` has the components
/// that are known to be compiled.
fn on_disk(
    host: &Host,
    record: &Record,
    there: &mut BTreeSet<ottavo_core::Digest>,
) -> Option<Handles> {
    let handles = record.handles.as_ref().filter(|handles| handles.holds())?;
    if !there.contains(&record.component) {
        let linked = host.engines.of(record.concurrent).ok()?;
        if !linked.has(&record.component) {
            return None;
        }
        there.insert(record.component);
    }
    Some(handles.clone())
}

fn place(record: &Record) -> (FunctionName, u64) {
    (record.manifest.name.clone(), record.version)
}

/// Looks at a signature again: another key may be trusted by now, or one be needed. Blocks.
fn still_signed(host: &Host, record: &Record) -> Result<()> {
    let (keys, artifacts) = (&host.keys, &host.artifacts);
    if !keys.required() {
        return Ok(());
    }
    let signature = record.signed.as_ref().map(|signed| &*signed.signature);
    keys.check(&artifacts.path(&record.artifact), &record.artifact, signature).map(drop)
}

/// What a version runs, from disk or compiled once more.
pub(crate) async fn compiled(host: &Host, record: &Record) -> Result<Arc<Code>> {
    let digest = &record.component;
    let linked: &Linked = blocking(|| host.engines.of(record.concurrent))?;
    let memory = host.limits(&record.manifest)?.memory;
    let missing = match blocking(|| linked.find(digest, memory))? {
        Found::Code(code) => return Ok(code),
        Found::Missing(missing) => missing,
    };
    let mut bench = host.compilers.bench().await?;
    let draft = blocking(|| host.artifacts.draft())?;
    let known = bench.read(&host.artifacts.path(digest), *digest, draft.path()).await?;
    if known.component != *digest {
        let digest = digest.short();
        let error = format!("the component `{digest}` is not one: deploy it once more");
        return Err(Error::new(Kind::DataLoss, error));
    }
    compile(linked, &mut bench, digest, memory, missing, &mut Vec::new()).await
}

/// A version. What does not load is logged, and answers 503.
pub(crate) fn load(
    host: &Arc<Host>,
    brought: &Brought,
    record: &Record,
    log: &Arc<GuestLog>,
) -> Arc<Version> {
    let ready = (|| {
        let grants = host.grants(&record.manifest)?;
        let limits = host.limits(&record.manifest)?;
        let (handles, code) = match brought.get(&place(record)) {
            Some(Ok(There::Loaded(code))) => (code.handles(), Some(Arc::clone(code))),
            Some(Ok(There::OnDisk(handles))) => (handles.clone(), None),
            Some(Err(error)) => return Err(Error::new(error.kind(), error.message())),
            None => return Err(Error::new(Kind::Conflict, "other versions answer meanwhile")),
        };
        Ok::<_, Error>((Ready { grants, handles, code }, limits))
    })();
    let (ready, limits) = match ready {
        Ok((ready, limits)) => (Ok(ready), limits),
        Err(error) => {
            let name = &record.manifest.name;
            tracing::error!({ field::FUNCTION } = %name, %error, "a deployed function does not load");
            (Err(format!("does not load: {error}")), record.manifest.limits.over(host.defaults))
        }
    };
    Arc::new(Version::new(host, record, limits, Arc::clone(log), ready))
}
