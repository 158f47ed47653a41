//! Versions from disk: those that answer when the host starts, and those that are to answer again.
//!
//! What is missing of them is compiled before anything is locked or switched.

use std::collections::BTreeMap;
use std::sync::Arc;

use ottavo_core::{Error, FunctionName, Kind, Result};
use ottavo_telemetry::{GuestLog, field};
use wasmtime::component::Component;

use crate::Keys;
use crate::artifacts::Artifacts;
use crate::catalogue::Record;
use crate::compilers::Compilers;
use crate::engines::Linked;
use crate::prepare::{blocking, compile};
use crate::version::{Host, Version};

/// What is compiled of some versions, or why it is not.
pub(crate) type Compiled = BTreeMap<(FunctionName, u64), Result<Component>>;

/// Brings what these versions run, from disk or compiled once more.
pub(crate) async fn bring(
    host: &Host,
    artifacts: &Artifacts,
    compilers: &Compilers,
    keys: &Keys,
    records: Vec<Record>,
) -> Compiled {
    let mut compiled = Compiled::new();
    for record in records {
        let component = match blocking(|| still_signed(artifacts, keys, &record)) {
            Ok(()) => one(host, artifacts, compilers, &record).await,
            Err(error) => Err(error),
        };
        compiled.insert(place(&record), component);
    }
    compiled
}

fn place(record: &Record) -> (FunctionName, u64) {
    (record.manifest.name.clone(), record.version)
}

/// Looks at a signature again: another key may be trusted by now, or one be needed. Blocks.
fn still_signed(artifacts: &Artifacts, keys: &Keys, record: &Record) -> Result<()> {
    if !keys.required() {
        return Ok(());
    }
    let signature = record.signed.as_ref().map(|signed| &*signed.signature);
    keys.check(&artifacts.path(&record.artifact), &record.artifact, signature).map(drop)
}

async fn one(
    host: &Host,
    artifacts: &Artifacts,
    compilers: &Compilers,
    record: &Record,
) -> Result<Component> {
    let digest = &record.component;
    let Linked { engine, .. } = blocking(|| host.engines.of(record.concurrent))?;
    let memory = host.limits(&record.manifest)?.memory;
    let missing = match blocking(|| engine.find(digest, memory)) {
        Ok(known) => return Ok(known),
        Err(missing) => missing,
    };
    let mut bench = compilers.bench().await?;
    let draft = blocking(|| artifacts.draft())?;
    let known = bench.read(&artifacts.path(digest), *digest, draft.path()).await?;
    if known.component != *digest {
        let digest = digest.short();
        let error = format!("the component `{digest}` is not one: deploy it once more");
        return Err(Error::new(Kind::DataLoss, error));
    }
    compile(engine, &mut bench, digest, memory, missing).await.map(|(code, _)| code)
}

/// A version. What does not load is logged, and answers 503.
pub(crate) fn load(
    host: &Arc<Host>,
    compiled: &Compiled,
    record: &Record,
    log: &Arc<GuestLog>,
) -> Arc<Version> {
    let code = (|| {
        let grants = host.grants(&record.manifest)?;
        let limits = host.limits(&record.manifest)?;
        let component = match compiled.get(&place(record)) {
            Some(Ok(component)) => component,
            Some(Err(error)) => return Err(Error::new(error.kind(), error.message())),
            None => return Err(Error::new(Kind::Conflict, "other versions answer meanwhile")),
        };
        let Linked { linker, .. } = host.engines.of(record.concurrent)?;
        Ok::<_, Error>((Host::link(linker, component, grants)?, limits))
    })();
    let (code, limits) = match code {
        Ok((code, limits)) => (Ok(code), limits),
        Err(error) => {
            let name = &record.manifest.name;
            tracing::error!({ field::FUNCTION } = %name, %error, "a deployed function does not load");
            (Err(format!("does not load: {error}")), record.manifest.limits.over(host.defaults))
        }
    };
    Arc::new(Version::new(host, record, limits, Arc::clone(log), code))
}
