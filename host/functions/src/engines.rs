//! The engines of a host: one for nearly all components, and one for those whose functions may be
//! asynchronous, made when the first of them is loaded.

use std::sync::OnceLock;

use ottavo_core::{Digest, Error, Result};
use ottavo_engine::Engine;
use ottavo_imports::Call;
use wasmtime::component::Linker;

/// See the module.
pub(crate) struct Engines {
    plain: Linked,
    concurrent: OnceLock<Result<Linked, String>>,
}

/// An engine, and all that a component may import in it.
pub(crate) struct Linked {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<Call>,
}

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
        self.plain.engine.forget(digest);
        if let Some(Ok(concurrent)) = self.concurrent.get() {
            concurrent.engine.forget(digest);
        }
    }
}

impl Linked {
    fn new(engine: Engine) -> Result<Linked> {
        let linker = ottavo_imports::linker(engine.wasmtime())
            .map_err(|error| Error::internal(format!("{error:#}")))?;
        Ok(Linked { engine, linker })
    }
}
