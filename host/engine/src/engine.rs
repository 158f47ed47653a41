//! A wasmtime engine of a host: the one for nearly all components, or the one for asynchronous ones.

use std::path::PathBuf;
use std::sync::Arc;

use ottavo_core::units::ByteCount;
use ottavo_core::{Digest, Error, Limits, Result};
use serde::{Deserialize, Serialize};
use wasmtime::component::Component;
use wasmtime::{PoolingAllocationConfig, Strategy, WasmBacktraceDetails};

use crate::artifacts::{Artifacts, Draft};
use crate::guest::Meters;
use crate::lane::{Begin, Driven, Lane};
use crate::ticker::Ticker;
use crate::total::Total;
use crate::{Headroom, headroom, pool};

/// What an engine is made of.
#[derive(Clone, Debug)]
pub struct Config {
    /// The largest memory that any function may have: the size of a slot of the pool.
    pub max_memory: ByteCount,
    /// What the memories and tables of all instances have together, at most.
    pub total_memory: ByteCount,
    /// How many instances live at the same time, at most.
    pub max_instances: u32,
    /// Where compiled artifacts are kept.
    pub artifacts: PathBuf,
    /// What turns functions into native code.
    pub compiler: Compiler,
    /// What memories have beyond what components ask for.
    pub headroom: Headroom,
}

/// What turns functions into native code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compiler {
    /// Cranelift: fast code.
    #[default]
    Optimizing,
    /// Winch: in a fifth of the time, code that is slower and larger.
    Baseline,
}

/// What native code is made for, and by what: an engine runs what was made for it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What makes it.
    pub compiler: Compiler,
    /// Whether functions may be asynchronous.
    pub concurrent: bool,
    /// What memories have beyond what the component asks for.
    pub headroom: Headroom,
}

/// Keeps what is compiled of components, and allocates their instances.
pub struct Engine {
    inner: wasmtime::Engine,
    artifacts: Artifacts,
    instances: u32,
    target: Target,
    config: Config,
    lane: Arc<Lane>,
    total: Total,
    _ticker: Ticker,
}

impl Engine {
    /// Makes the engine with the largest pool that the address space has room for, down to none.
    ///
    /// # Errors
    /// `invalid-argument` when the folder of artifacts cannot be used; `internal` when wasmtime
    /// does not run here.
    pub fn new(config: &Config) -> Result<Engine> {
        let (lane, total) = (Arc::new(Lane::start()?), Total::new(config.total_memory));
        Engine::with(config, false, lane, total)
    }

    /// One more engine of the same configuration, with the same memory and the same threads, for
    /// components whose functions may be asynchronous. A setting of a whole engine, as it is part of the
    /// native code; calls take longer with it.
    ///
    /// # Errors
    /// As for [`Engine::new`].
    pub fn concurrent(&self) -> Result<Engine> {
        Engine::with(&self.config, true, Arc::clone(&self.lane), self.total.clone())
    }

    fn with(config: &Config, concurrent: bool, lane: Arc<Lane>, total: Total) -> Result<Engine> {
        // the text of an error may reach a guest: the host's own stack is no business of its
        wasmtime::error::disable_backtrace();
        let (inner, instances) = largest(config, concurrent)?;
        let artifacts = Artifacts::open(&config.artifacts, &inner)?;
        let ticker = Ticker::start(&inner)?;
        let Config { compiler, headroom, .. } = *config;
        let target = Target { compiler, concurrent, headroom };
        Ok(Engine {
            inner,
            artifacts,
            instances,
            target,
            config: config.clone(),
            lane,
            total,
            _ticker: ticker,
        })
    }

    /// wasmtime's own engine, for the linkers of the rooms above.
    pub fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner
    }

    /// How many instances the pool has room for; none without a pool.
    pub fn pool_size(&self) -> Option<u32> {
        Some(self.instances).filter(|n| *n > 0)
    }

    /// Meters for an instance within `limits`.
    pub fn meters(&self, limits: &Limits) -> Meters {
        Meters::new(limits, self.total.clone())
    }

    /// A future that does `work`: within whoever polls it for as long as that takes two ticks of the
    /// epoch at most, then, or from the beginning, on threads that nobody else waits for. Dropped, it
    /// stops the work.
    pub fn drive<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
        begin: Begin,
    ) -> Driven<T> {
        self.lane.drive(work, begin)
    }

    /// How many instances may live at the same time.
    pub fn max_instances(&self) -> u32 {
        self.pool_size().unwrap_or(self.config.max_instances)
    }

    /// What was compiled before, for this target, from the component of this digest.
    pub fn load(&self, digest: &Digest, target: Target) -> Option<Component> {
        self.artifacts.load(&self.inner, digest, target.headroom)
    }

    /// Whether there is something to load.
    pub fn has(&self, digest: &Digest, target: Target) -> bool {
        self.artifacts.has(digest, target.headroom)
    }

    /// Whether what was compiled for a target has no more memory from its beginning than it may have.
    /// What is made without headroom always fits: it is the component's affair.
    pub(crate) fn fits(&self, code: &Component, target: Target, memory: ByteCount) -> bool {
        target.headroom.pages == 0 || headroom::at_start(code) <= memory.0
    }

    /// Removes what was compiled for one target; those that run it go on.
    pub fn forget_one(&self, digest: &Digest, target: Target) {
        self.artifacts.remove(digest, target.headroom);
    }

    /// What the code of this engine is made for: with headroom, and without for functions that may not have
    /// that much memory. The first one that fits is the one to run.
    pub fn targets(&self) -> impl Iterator<Item = Target> + use<> {
        let (best, plain) = (self.target, self.plain());
        std::iter::once(best).chain((best != plain).then_some(plain))
    }

    fn plain(&self) -> Target {
        Target { headroom: self.target.headroom.none(), ..self.target }
    }

    /// A file for what is compiled, which goes with the value unless it is kept.
    ///
    /// # Errors
    /// `unavailable` when it cannot be made.
    pub fn draft(&self) -> Result<Draft> {
        self.artifacts.draft()
    }

    /// Keeps what [`compile`](crate::compile) made of the component of this digest, and loads it.
    /// Nothing else may ever be in the file: it is run as it is.
    ///
    /// # Errors
    /// `unavailable` when it cannot be kept, `internal` when it was made for another engine.
    pub fn keep(&self, digest: &Digest, target: Target, draft: Draft) -> Result<Component> {
        self.artifacts.keep(digest, target.headroom, draft)?;
        self.artifacts.load(&self.inner, digest, target.headroom).ok_or_else(|| {
            Error::internal("what was compiled does not fit the engine of this host")
        })
    }
}

/// Whether the kernel tells which pages were written, so that only those are wiped between calls
/// (`PAGEMAP_SCAN`, Linux 6.7).
pub fn has_pagemap_scan() -> bool {
    PoolingAllocationConfig::is_pagemap_scan_available()
}

fn largest(config: &Config, concurrent: bool) -> Result<(wasmtime::Engine, u32)> {
    let mut instances = config.max_instances;
    loop {
        match wasmtime::Engine::new(&with_pool(config, instances, concurrent)) {
            Ok(engine) => {
                if instances < config.max_instances {
                    let (wanted, got) = (config.max_instances, instances);
                    tracing::warn!(
                        wanted,
                        got,
                        "the instance pool is smaller than configured: the address space has no room"
                    );
                }
                return Ok((engine, instances));
            }
            Err(error) if instances == 0 => {
                let error = Error::internal(format!("the engine does not start: {error:#}"));
                return Err(error);
            }
            Err(_) => instances = if instances < 16 { 0 } else { instances / 2 },
        }
    }
}

fn with_pool(config: &Config, instances: u32, concurrent: bool) -> wasmtime::Config {
    let Config { compiler, headroom, .. } = *config;
    let mut settings = settings(Target { compiler, concurrent, headroom });
    settings.allocation_strategy(pool::strategy(config, instances));
    settings
}

/// All that the code depends on, but for the component itself.
pub(crate) fn settings(target: Target) -> wasmtime::Config {
    let Target { compiler, concurrent, headroom: _ } = target;
    let mut settings = wasmtime::Config::new();
    let strategy = match compiler {
        Compiler::Optimizing => Strategy::Cranelift,
        Compiler::Baseline => Strategy::Winch,
    };
    settings
        .strategy(strategy)
        .epoch_interruption(true)
        .wasm_backtrace_details(WasmBacktraceDetails::Enable)
        // the call is cheaper without
        .concurrency_support(concurrent)
        .memory_init_cow(true);
    settings
}
