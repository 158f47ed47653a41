//! `[app.NAME]`: the apps that the gRPC door knows by their tokens.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ottavo_document::{Reader, join, quoted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::grants::granting;
use crate::format::PATH;
use crate::{Drivers, Settings, Stores};

granting! {
    /// One app, and what it may reach.
    App {
        /// A file with its tokens: one a line, each of at least 32 characters, with a name before it
        /// if you like. It is read again when it changes, so that tokens are rotated without a
        /// restart.
        #[schemars(extend("format" = PATH, "examples" = ["/run/secrets/shop"]))]
        token_file: PathBuf,
        /// Everything that is configured, in place of single grants. Default `false`.
        #[serde(default)]
        everything: bool,
    }
}

/// The apps, by name.
pub type Apps = BTreeMap<String, App>;

/// Reports what is wrong in the tables of apps beyond their shape.
pub(crate) fn check(reader: &Reader<'_>, settings: &Settings, drivers: &dyn Drivers) {
    for (name, app) in &settings.app {
        let path = join("app", name);
        let place = reader.place_within(&path).unwrap_or_default();
        if let Err(error) = name.parse::<ottavo_core::AppName>() {
            reader.report(place.clone(), path.clone(), format!("is wrong: {error}"));
        }
        check_grants(reader, &path, &app.grants(), &settings.stores, drivers);
        if app.everything && app.grants().iter().any(|(_, texts)| !texts.is_empty()) {
            let message = "is set beside single grants: leave either out";
            let path = join(&path, "everything");
            reader.report(place, path, message.to_owned());
        }
    }
    let file = |(name, app): (&String, &App)| (name.clone(), app.token_file.clone());
    let files: Vec<_> = settings.app.iter().map(file).collect();
    for finding in drivers.tokens(&files) {
        let path = join(&join("app", &finding.name), "token_file");
        let place = reader.place_of(&path).unwrap_or_default();
        match finding.fatal {
            true => reader.report(place, path, finding.message),
            false => reader.warn_at(place, path, finding.message),
        }
    }
}

/// Reports each grant of the wrong form, and each of a store that is not configured.
pub(crate) fn check_grants(
    reader: &Reader<'_>,
    path: &str,
    grants: &[(&'static str, &[String])],
    stores: &Stores,
    drivers: &dyn Drivers,
) {
    for (block, texts) in grants {
        for (at, text) in texts.iter().enumerate() {
            let path = format!("{path}.{block}[{at}]");
            let place = || reader.place_of(&path).unwrap_or_default();
            if let Err(message) = drivers.grant(block, text) {
                reader.report(place(), path, format!("is wrong: {message}"));
                continue;
            }
            // functions, apps and hosts are no stores of ours
            if matches!(*block, "invoke" | "egress") {
                continue;
            }
            let known = stores.get(*block).into_iter().flatten();
            let known: Vec<_> = known.map(|(name, _)| name.as_str()).collect();
            let store = text.split(':').next().unwrap_or_default();
            if !known.contains(&store) {
                let accepted = match known.is_empty() {
                    true => format!("there is none: add `[{block}.{store}]`"),
                    false => format!("use one of {}", quoted(known)),
                };
                let message = format!(
                    "names the {block} store `{store}`, which is not configured: {accepted}"
                );
                reader.report(place(), path, message);
            }
        }
    }
}
