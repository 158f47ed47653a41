//! The engines of a host: one for nearly all components, and one for those whose functions may be
//! asynchronous, made when the first of them is loaded.
//!
//! What an engine has loaded of a component is there once, however many versions run it, and for as
//! long as one of them has it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, Weak};

use ottavo_core::units::ByteCount;
use ottavo_core::{Digest, Error, Result};
use ottavo_engine::{Choice, Engine, Headroom, Target};
use ottavo_imports::Call;
use parking_lot::Mutex;
use wasmtime::component::{Component, Linker};

use crate::code::Code;

/// See the module.
pub(crate) struct Engines {
    plain: Linked,
    concurrent: OnceLock<Result<Linked, String>>,
}

/// An engine, all that a component may import in it, and what is loaded.
pub(crate) struct Linked {
    pub(crate) engine: Engine,
    linker: Linker<Call>,
    loaded: Mutex<HashMap<(Digest, Headroom), Weak<Code>>>,
}

/// What there is of a component for a function.
pub(crate) type Found = Choice<Arc<Code>>;

impl Engines {
    pub(crate) fn new(engine: Engine) -> Result<Engines> {
        Ok(Engines { plain: Linked::new(engine)?, concurrent: OnceLock::new() })
    }

    /// The one that is always there: its memory and its threads are those of both.
    pub(crate) fn first(&self) -> &Engine {
        &self.plain.engine
    }

    /// The engine for a component. Blocks.
    ///
    /// # Errors
    /// When the second one cannot be made, which then stays so.
    pub(crate) fn of(&self, concurrent: bool) -> Result<&Linked> {
        if !concurrent {
            return Ok(&self.plain);
        }
        let made = self.concurrent.get_or_init(|| {
            let made = self.plain.engine.concurrent().and_then(Linked::new);
            made.map_err(|error| error.message().to_owned())
        });
        made.as_ref().map_err(|why| {
            Error::internal(format!("there is no engine for asynchronous components: {why}"))
        })
    }

    /// Removes what was compiled of the component of this digest; those that run it go on.
    pub(crate) fn forget(&self, digest: &Digest) {
        self.plain.forget(digest);
        if let Some(Ok(concurrent)) = self.concurrent.get() {
            concurrent.forget(digest);
        }
    }
}

impl Linked {
    fn new(engine: Engine) -> Result<Linked> {
        let linker = ottavo_imports::linker(engine.wasmtime())
            .map_err(|error| Error::internal(format!("{error:#}")))?;
        Ok(Linked { engine, linker, loaded: Mutex::default() })
    }

    /// The code of a component for functions that may have so much memory, from disk unless it is
    /// loaded. Blocks.
    ///
    /// # Errors
    /// `invalid-argument` when it does not fit.
    pub(crate) fn find(&self, digest: &Digest, memory: ByteCount) -> Result<Found> {
        let get = |target| match self.known(digest, target) {
            Some(code) => Ok(Some(code)),
            None => {
                let component = self.engine.load(digest, target);
                component.map(|component| self.link(digest, target, &component)).transpose()
            }
        };
        self.engine.choose(memory, get, |code| code.component.component())
    }

    /// Links what was compiled for a target.
    ///
    /// # Errors
    /// `invalid-argument` when it does not fit.
    pub(crate) fn link(
        &self,
        digest: &Digest,
        target: Target,
        component: &Component,
    ) -> Result<Arc<Code>> {
        let code = Arc::new(Code::link(&self.linker, component)?);
        let mut loaded = self.loaded.lock();
        let key = (*digest, target.headroom);
        // somebody may have been faster
        if let Some(known) = loaded.get(&key).and_then(Weak::upgrade) {
            return Ok(known);
        }
        // now and then, so that what comes and goes leaves nothing behind
        if loaded.len().is_power_of_two() {
            loaded.retain(|_, code| code.strong_count() > 0);
        }
        loaded.insert(key, Arc::downgrade(&code));
        Ok(code)
    }

    /// Whether what most functions run of a component is compiled. Blocks.
    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.engine.targets().next().is_some_and(|target| self.engine.has(digest, target))
    }

    fn known(&self, digest: &Digest, target: Target) -> Option<Arc<Code>> {
        self.loaded.lock().get(&(*digest, target.headroom)).and_then(Weak::upgrade)
    }

    fn forget(&self, digest: &Digest) {
        self.engine.targets().for_each(|target| self.forget_one(digest, target));
    }

    /// Removes what was compiled for one target; those that run it go on.
    pub(crate) fn forget_one(&self, digest: &Digest, target: Target) {
        self.loaded.lock().remove(&(*digest, target.headroom));
        self.engine.forget_one(digest, target);
    }
}
