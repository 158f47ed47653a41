//! Cargo manifests of the host workspace: a reason to exist, the shared lints, one place for
//! versions, and a list of members that is complete and sorted.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use cargo_metadata::Metadata;
use toml::{Table, Value};

use crate::place::Place;

/// The findings about all manifests.
pub(super) fn check(place: &Place, metadata: &Metadata, files: &[String]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for package in metadata.workspace_packages() {
        let path = package.manifest_path.as_std_path();
        let shown = place.shown(path);
        let manifest = read(path).with_context(|| format!("read `{shown}`"))?;
        findings.extend(judge(&manifest).into_iter().map(|what| format!("`{shown}` {what}")));
    }
    let root = read(&place.root.join("Cargo.toml"))?;
    let found = files
        .iter()
        .filter_map(|file| file.strip_suffix("/Cargo.toml"))
        .filter(|folder| folder.starts_with("host/"))
        .map(ToOwned::to_owned)
        .collect();
    findings.extend(judge_members(&members(&root), &found));
    Ok(findings)
}

fn read(path: &std::path::Path) -> Result<Table> {
    Ok(std::fs::read_to_string(path)?.parse()?)
}

fn judge(manifest: &Table) -> Vec<String> {
    let mut findings = Vec::new();
    let package = manifest.get("package").and_then(Value::as_table);
    let description =
        package.and_then(|package| package.get("description")).and_then(Value::as_str);
    if description.is_none_or(str::is_empty) {
        findings.push("has no `description`: say why the crate exists".to_owned());
    }
    if !inherits(manifest.get("lints")) {
        findings.push("lacks `[lints] workspace = true`".to_owned());
    }
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let dependencies = manifest.get(section).and_then(Value::as_table);
        for (name, dependency) in dependencies.into_iter().flatten() {
            if !inherits(Some(dependency)) {
                findings.push(format!(
                    "gives `{name}` in `[{section}]` a version of its own: put it in \
                     `[workspace.dependencies]` and write `{name}.workspace = true`"
                ));
            }
        }
    }
    findings
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

fn members(root: &Table) -> Vec<String> {
    let members = root.get("workspace").and_then(|workspace| workspace.get("members"));
    let members = members.and_then(Value::as_array).into_iter().flatten();
    members.filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

fn judge_members(members: &[String], found: &BTreeSet<String>) -> Vec<String> {
    let mut findings = Vec::new();
    if !members.is_sorted() {
        findings.push("`members` in `Cargo.toml` is not sorted".to_owned());
    }
    for folder in found.iter().filter(|folder| !members.contains(folder)) {
        findings.push(format!("`{folder}` is not in `members` of `Cargo.toml`"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(manifest: &str) -> Vec<String> {
        judge(&manifest.parse().unwrap())
    }

    #[test]
    fn a_manifest_as_it_should_be() {
        let good = "[package]\nname = \"a\"\ndescription = \"why\"\n\
                    [dependencies]\nserde.workspace = true\n\
                    tokio = { workspace = true, features = [\"net\"] }\n\
                    [lints]\nworkspace = true\n";
        assert_eq!(findings(good), Vec::<String>::new());
    }

    #[test]
    fn each_thing_that_is_missing_is_said() {
        let all = findings("[package]\nname = \"a\"\n[dev-dependencies]\nserde = \"1\"\n");
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(all[2].contains("`serde` in `[dev-dependencies]`"), "{all:?}");
    }

    #[test]
    fn members_are_complete_and_sorted() {
        let names =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let found = names(&["host/a", "host/b"]).into_iter().collect();
        assert_eq!(judge_members(&names(&["host/a", "host/b"]), &found), Vec::<String>::new());
        assert_eq!(judge_members(&names(&["host/b", "host/a"]), &found).len(), 1);
        assert_eq!(judge_members(&names(&["host/a"]), &found).len(), 1);
    }
}
