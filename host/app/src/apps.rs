//! The apps of the configuration, as the gRPC door knows them.

use std::collections::BTreeMap;
use std::sync::Arc;

use ottavo_api::Grants;
use ottavo_core::{Result, Shutdown};
use ottavo_grpc::Callers;
use ottavo_identity::Roster;
use ottavo_settings::{App, Settings};
use ottavo_telemetry::Audit;

/// Who may call the gRPC door: whoever reaches it, until the configuration has an app.
///
/// # Errors
/// A file of tokens that cannot be used, or a grant of the wrong form.
pub(crate) fn callers(settings: &Settings, audit: &Audit, shutdown: &Shutdown) -> Result<Callers> {
    if settings.app.is_empty() {
        return Ok(Callers::Anonymous(Arc::new(Grants::everything())));
    }
    let (mut files, mut grants) = (Vec::new(), BTreeMap::new());
    for (name, app) in &settings.app {
        let name: Arc<str> = Arc::from(name.as_str());
        let held = held(app).map_err(|error| error.context(format_args!("`app.{name}`")))?;
        grants.insert(Arc::clone(&name), Arc::new(held));
        files.push((name, app.token_file.clone()));
    }
    let (tokens, watch) = Roster::open(files)?;
    let tokens = Arc::new(tokens);
    tokens.watch(watch, shutdown);
    Ok(Callers::Apps { tokens, grants: Arc::new(grants), audit: audit.clone() })
}

fn held(app: &App) -> Result<Grants> {
    match app.everything {
        true => Ok(Grants::everything()),
        false => granted(&app.grants()),
    }
}

/// The grants of a table of the configuration.
///
/// # Errors
/// `invalid-argument` for one of the wrong form.
pub(crate) fn granted(table: &[(&'static str, &[String])]) -> Result<Grants> {
    let mut grants = Grants::default();
    for (block, texts) in table {
        for text in *texts {
            grants.allow(block, text)?;
        }
    }
    Ok(grants)
}
