//! The steps of a deploy that change nothing of what answers.

use std::sync::Arc;

use ottavo_core::context::new_request_id;
use ottavo_core::units::ByteCount;
use ottavo_core::{Digest, Error, Result};
use ottavo_engine::{Begin, Fault, Target};
use ottavo_imports::{Event, Handled, Incoming, Request};
use ottavo_manifest::Manifest;

use crate::catalogue::Record;
use crate::code::Code;
use crate::compile::Known;
use crate::compilers::Bench;
use crate::engines::{Found, Linked};
use crate::origin::Origin;
use crate::signatures::Signed;
use crate::slot::Slot;
use crate::version::{Ready, Version};
use crate::{Candidate, Functions, smoke};

/// Makes the next version of a function, whole and tried out.
pub(crate) async fn prepare(
    functions: &Functions,
    candidate: Candidate,
    version: u64,
    signed: Option<Signed>,
) -> Result<(Record, Arc<Version>)> {
    let Candidate { manifest, artifact, smoke, .. } = candidate;
    let host = &functions.host;
    let grants = host.grants(&manifest)?;
    let limits = host.limits(&manifest)?;
    // also when it was uploaded long ago: nobody takes it away meanwhile
    host.artifacts.hold(artifact);
    let mut bench = host.compilers.bench().await?;
    let draft = blocking(|| host.artifacts.draft())?;
    let path = host.artifacts.path(&artifact);
    let known = bench.read(&path, artifact, draft.path()).await?;
    let Known { size, component, made, concurrent } = known;
    let linked = blocking(|| host.engines.of(concurrent))?;
    let mut compiled_for = Vec::new();
    let tried = async {
        let code = match blocking(|| linked.find(&component, limits.memory))? {
            Found::Code(code) => code,
            Found::Missing(missing) => {
                let (memory, made) = (limits.memory, &mut compiled_for);
                compile(linked, &mut bench, &component, memory, missing, made).await?
            }
        };
        drop(bench);
        check_triggers(&manifest, &code)?;
        let deployed_at = functions.clock.now();
        let record = Record {
            version,
            deployed_at,
            artifact,
            size,
            component,
            concurrent,
            signed,
            handles: Some(code.handles()),
            manifest,
        };
        let log = functions.log_of(record.manifest.name.as_str());
        let ready = Ready { grants, handles: code.handles(), code: Some(code) };
        let version = Arc::new(Version::new(host, &record, limits, log, Ok(ready)));
        version.try_out().await?;
        if let Some(path) = smoke {
            smoke::ask(&version, &path).await?;
        }
        if made {
            blocking(|| host.artifacts.keep(&component, draft))?;
        }
        Ok((record, version))
    };
    let tried = tried.await;
    if tried.is_err() {
        compiled_for.into_iter().for_each(|target| linked.forget_one(&component, target));
    }
    tried
}

/// Compiles what is missing of the component that a bench has read, for a function that may have so much
/// memory, and keeps it; `made` gets the targets for which that was. With headroom it may be more than
/// that, which is known only then.
pub(crate) async fn compile(
    linked: &Linked,
    bench: &mut Bench<'_>,
    component: &Digest,
    memory: ByteCount,
    mut missing: Target,
    made: &mut Vec<Target>,
) -> Result<Arc<Code>> {
    let engine = &linked.engine;
    loop {
        let draft = blocking(|| engine.draft())?;
        bench.compile(missing, &draft).await?;
        made.push(missing);
        let found = blocking(|| {
            let loaded = engine.keep(component, missing, draft)?;
            // held until it is found
            let _code = linked.link(component, missing, &loaded)?;
            linked.find(component, memory)
        })?;
        match found {
            Found::Code(code) => return Ok(code),
            Found::Missing(next) => missing = next,
        }
    }
}

impl Version {
    /// Makes one instance: what cannot even start is refused now and not at the first request. Apart from
    /// what answers: a start may compute for long.
    pub(crate) async fn try_out(self: &Arc<Self>) -> Result<()> {
        let version = Arc::clone(self);
        let start = async move {
            // it was loaded for this
            let Some(code) = version.code.as_ref().ok().and_then(Slot::take) else { return Ok(()) };
            let mut started = version.start(&code).await;
            while matches!(started, Err(Fault::NoRoom { .. })) && version.host.kept.evict() {
                started = version.start(&code).await;
            }
            started
        };
        self.host.engines.first().drive(start, Begin::Apart).await.map_err(|fault| {
            Error::invalid(format!("function `{}` does not start: it {fault}", self.name))
        })
    }

    async fn start(&self, code: &Code) -> Result<(), Fault> {
        let timeout = self.info.limits.timeout;
        let (session, facts, deadline) = self.surroundings(&new_request_id(), &Origin::of_host());
        let mut store = self.store(code, session, facts);
        ottavo_engine::call(&mut store, deadline, timeout, async |store| {
            code.component.instantiate_async(store).await.map(drop)
        })
        .await
    }
}

/// A trigger without a handler would fail each time.
fn check_triggers(manifest: &Manifest, code: &Code) -> Result<()> {
    let refused = |table: &str, interface: &str, next: &str| {
        Err(Error::invalid(format!(
            "the manifest has `[[{table}]]`, and the component does not export `{interface}`: {next}"
        )))
    };
    let answers = code.handlers.have::<Request>() || code.handlers.have::<Incoming>();
    if !manifest.http.is_empty() && !answers {
        let next = "export a handler of requests, or leave the route out";
        return refused("http", Request::INTERFACE, next);
    }
    let tables = [
        ("subscribe", manifest.subscribe.is_empty()),
        ("schedule", manifest.schedule.is_empty()),
        ("watch", manifest.watch.is_empty()),
        ("binding", manifest.binding.is_empty()),
    ];
    let Some((table, _)) = tables.into_iter().find(|(_, none)| !none) else { return Ok(()) };
    match code.handlers.have::<Event>() {
        true => Ok(()),
        false => refused(table, Event::INTERFACE, "export a handler of events, as the SDKs do"),
    }
}

/// Runs what blocks off the threads that answer requests.
pub(crate) fn blocking<R>(work: impl FnOnce() -> R) -> R {
    tokio::task::block_in_place(work)
}
