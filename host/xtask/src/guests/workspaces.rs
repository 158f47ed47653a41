//! The cargo workspaces of guest code, for formatter, lints and tests.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

use super::{folders, is_template, programs};
use crate::place::Place;

/// The root of each.
pub(crate) fn workspaces(place: &Place) -> Result<BTreeSet<PathBuf>> {
    let mut manifests = Vec::new();
    for language in folders(&place.root.join("guests"))? {
        manifests.push(language.join("Cargo.toml"));
        // a template has no name yet, so that cargo cannot read it
        let parts = folders(&language)?.into_iter().filter(|part| !is_template(part));
        manifests.extend(parts.map(|part| part.join("Cargo.toml")));
    }
    for program in programs(place)? {
        manifests.push(program.folder.join("Cargo.toml"));
    }
    let mut roots = BTreeSet::new();
    for manifest in manifests.into_iter().filter(|manifest| manifest.is_file()) {
        let metadata = MetadataCommand::new()
            .manifest_path(&manifest)
            .no_deps()
            .exec()
            .with_context(|| format!("read `{}`", place.shown(&manifest)))?;
        roots.insert(metadata.workspace_root.into_std_path_buf());
    }
    // a generator of bindings is a crate of the host
    roots.remove(&place.root);
    Ok(roots)
}
