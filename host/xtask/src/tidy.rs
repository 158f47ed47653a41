//! `tidy`: what no compiler checks. Floors, sources, manifests, links, and that no binary is
//! committed. Each check gives its findings as sentences that say what to do.

mod binaries;
mod floors;
mod links;
mod manifests;
mod sources;

use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};

use crate::place::Place;
use crate::{process, say};

/// Runs all checks; says whether there is nothing to mend.
pub(crate) fn run(place: &Place) -> Result<bool> {
    let files = files(place)?;
    let metadata = MetadataCommand::new()
        .current_dir(&place.root)
        .no_deps()
        .exec()
        .context("ask cargo for the workspace")?;
    let checks = [
        ("floors", floors::check(&metadata)?),
        ("sources", sources::check(place, &files)?),
        ("manifests", manifests::check(place, &metadata, &files)?),
        ("binaries", binaries::check(&files)),
        ("links", links::check(place, &files)?),
    ];
    let mut good = true;
    for (name, findings) in checks {
        for finding in &findings {
            say::line(format_args!("tidy {name}: {finding}"));
        }
        good &= findings.is_empty();
    }
    say::line(if good { "tidy: nothing to mend" } else { "tidy: see above" });
    Ok(good)
}

/// The files of the repository, as paths relative to its root: what git knows or would add.
fn files(place: &Place) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(&place.root);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = process::capture(&mut git).context("list the files: this needs git")?;
    let mut files: Vec<String> = listed.split_terminator('\0').map(ToOwned::to_owned).collect();
    files.retain(|file| place.root.join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}

/// Where a package stands: the name of its room.
fn room(metadata: &Metadata, manifest_path: &cargo_metadata::camino::Utf8Path) -> String {
    let folder = manifest_path.parent().unwrap_or(manifest_path);
    let folder = folder.strip_prefix(&metadata.workspace_root).unwrap_or(folder).as_str();
    match folder.strip_prefix("host/") {
        Some(room) => room.to_owned(),
        None if folder.is_empty() => "main".to_owned(),
        None => folder.to_owned(),
    }
}
