//! What this machine gives a host, found out without running one.

use ottavo_engine::Engine;
use ottavo_settings::Settings;

use crate::{ServeError, translate};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Examination {
    /// How many instances the pool has room for; none without a pool.
    pub instances: Option<u32>,
    /// Whether the kernel tells which pages an instance wrote.
    pub pagemap_scan: bool,
}

/// Makes an engine as a host would, to be dropped again.
///
/// # Errors
/// What would keep a host from starting.
pub fn examine(settings: &Settings) -> Result<Examination, ServeError> {
    // nothing is compiled: the folder stays empty, and the host's own is left alone
    let folder = tempfile::tempdir().map_err(|error| {
        ServeError::Configuration(format!("cannot make a temporary folder: {error}"))
    })?;
    let mut config = translate::engine(settings, folder.path());
    config.artifacts = folder.path().to_owned();
    let engine = Engine::new(&config)?;
    let pagemap_scan = ottavo_engine::has_pagemap_scan();
    Ok(Examination { instances: engine.pool_size(), pagemap_scan })
}
