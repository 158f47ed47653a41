//! Who may know whom, and who owns a big dependency: `floors.toml` against what cargo says.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata};
use serde::Deserialize;

use super::room;

/// Where the table is, for the messages.
const FILE: &str = "host/xtask/floors.toml";
const TABLE: &str = include_str!("../../floors.toml");
/// What tests of any room may use, whatever the floor.
const FOR_TESTS: [&str; 2] = ["drivers/memory", "tests/support"];

/// The table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    floor: BTreeMap<String, u8>,
    uses: BTreeMap<String, Vec<String>>,
    owners: BTreeMap<String, Vec<String>>,
}

/// One dependency of a room.
#[derive(Clone, Debug)]
struct Edge {
    from: String,
    to: To,
    for_tests: bool,
}

#[derive(Clone, Debug)]
enum To {
    Room(String),
    Crate(String),
}

/// The findings about the whole workspace.
pub(super) fn check(metadata: &Metadata) -> Result<Vec<String>> {
    let table = Table::read()?;
    let mut findings = Vec::new();
    for package in metadata.workspace_packages() {
        let room = room(metadata, &package.manifest_path);
        if !table.floor.keys().any(|pattern| fits(pattern, &room)) {
            findings.push(format!("the room `{room}` is new: give it a line in {FILE}"));
        }
    }
    findings.extend(edges(metadata).iter().filter_map(|edge| table.judge(edge)));
    Ok(findings)
}

fn edges(metadata: &Metadata) -> Vec<Edge> {
    let mut edges = Vec::new();
    for package in metadata.workspace_packages() {
        let from = room(metadata, &package.manifest_path);
        for dependency in &package.dependencies {
            let to = match &dependency.path {
                Some(path) => To::Room(room(metadata, &path.join("Cargo.toml"))),
                None => To::Crate(dependency.name.clone()),
            };
            let for_tests = dependency.kind == DependencyKind::Development;
            edges.push(Edge { from: from.clone(), to, for_tests });
        }
    }
    edges
}

impl Table {
    fn read() -> Result<Self> {
        toml::from_str(TABLE).with_context(|| format!("read {FILE}"))
    }

    /// What is wrong with an edge, if anything.
    fn judge(&self, edge: &Edge) -> Option<String> {
        let from = &edge.from;
        match &edge.to {
            To::Room(to) if self.may_use(from, to) => None,
            To::Room(to) if edge.for_tests && self.tests_may_use(from, to) => None,
            To::Room(to) => {
                let kind = if edge.for_tests { "the tests of the room" } else { "the room" };
                let allowed = self.of(&self.uses, from).join(", ");
                Some(format!(
                    "{kind} `{from}` may not use `{to}`: {FILE} allows it [{allowed}]. \
                     Remove the dependency, turn the call round with a trait on a lower floor, or \
                     decide otherwise: docs/decisions/, {FILE} and docs/architecture.md together"
                ))
            }
            To::Crate(_) if edge.for_tests || from == "tests/support" => None,
            To::Crate(name) => {
                let owners = self.owners.get(name)?;
                let owned = owners.iter().any(|owner| fits(owner, from));
                (!owned).then(|| {
                    format!(
                        "the room `{from}` may not use the crate `{name}`: it belongs to [{}]. Ask \
                         its owner for what you need, or decide otherwise: docs/decisions/ and \
                         `[owners]` in {FILE} together",
                        owners.join(", ")
                    )
                })
            }
        }
    }

    fn may_use(&self, from: &str, to: &str) -> bool {
        self.of(&self.uses, from).iter().any(|pattern| fits(pattern, to))
    }

    fn tests_may_use(&self, from: &str, to: &str) -> bool {
        // the tests of the whole host, in the package `main`, stand above everything
        if FOR_TESTS.contains(&to) || from == "main" {
            return true;
        }
        match (self.floor_of(from), self.floor_of(to)) {
            (Some(from), Some(to)) => to < from,
            _ => false,
        }
    }

    fn floor_of(&self, room: &str) -> Option<u8> {
        self.floor.iter().find(|(pattern, _)| fits(pattern, room)).map(|(_, floor)| *floor)
    }

    fn of<'t>(&self, lines: &'t BTreeMap<String, Vec<String>>, room: &str) -> &'t [String] {
        let line = lines.iter().find(|(pattern, _)| fits(pattern, room));
        line.map_or(&[], |(_, rooms)| rooms)
    }
}

/// `drivers/*` is any one driver.
fn fits(pattern: &str, room: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => room.strip_prefix(prefix).is_some_and(|rest| !rest.contains('/')),
        None => pattern == room,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(from: &str, to: To, for_tests: bool) -> Option<String> {
        Table::read().unwrap().judge(&Edge { from: from.to_owned(), to, for_tests })
    }

    fn rooms(from: &str, to: &str) -> Option<String> {
        judge(from, To::Room(to.to_owned()), false)
    }

    fn tests_of(from: &str, to: &str) -> Option<String> {
        judge(from, To::Room(to.to_owned()), true)
    }

    fn crates(from: &str, to: &str) -> Option<String> {
        judge(from, To::Crate(to.to_owned()), false)
    }

    #[test]
    fn a_new_edge_is_refused_with_where_to_go() {
        let finding = rooms("api", "drivers/memory").unwrap();
        for part in ["`api`", "`drivers/memory`", FILE, "docs/decisions/"] {
            assert!(finding.contains(part), "`{part}` is not in: {finding}");
        }
        assert!(rooms("blocks", "wire").is_some());
        assert!(rooms("drivers/local", "drivers/memory").is_some());
        assert!(rooms("core", "xtask").is_some());
    }

    #[test]
    fn the_edges_of_the_table_are_allowed() {
        assert_eq!(rooms("api", "registry"), None);
        assert_eq!(rooms("drivers/redis", "registry"), None);
        assert_eq!(rooms("app", "drivers/redis"), None);
    }

    #[test]
    fn tests_reach_down_but_not_up() {
        assert_eq!(tests_of("drivers/local", "drivers/memory"), None);
        assert_eq!(tests_of("http", "api"), None);
        assert!(tests_of("api", "functions").is_some());
        assert!(tests_of("api", "drivers/local").is_some());
    }

    #[test]
    fn a_big_crate_has_owners() {
        assert_eq!(crates("engine", "wasmtime"), None);
        assert!(crates("http", "wasmtime").unwrap().contains("engine, functions, imports"));
        assert!(crates("core", "anyhow").is_some());
        assert_eq!(crates("core", "serde"), None);
    }

    /// Edges within a floor: to what was taken out of a room so that another may have it too.
    const BESIDE: [(&str, &str); 5] = [
        ("control", "manifest"),
        ("main", "cli"),
        ("manifest", "calendar"),
        ("manifest", "document"),
        ("settings", "document"),
    ];

    #[test]
    fn the_table_itself_goes_down_only() {
        let table = Table::read().unwrap();
        assert_eq!(
            table.floor.keys().collect::<Vec<_>>(),
            table.uses.keys().collect::<Vec<_>>(),
            "`[floor]` and `[uses]` name the same rooms"
        );
        for (from, uses) in &table.uses {
            for to in uses {
                let below = table.floor[to] < table.floor[from];
                let beside = table.floor[to] == table.floor[from];
                assert!(below || (beside && BESIDE.contains(&(from, to))), "`{from}` -> `{to}`");
            }
        }
    }

    /// The whole way, from what cargo prints: a constructed workspace with one edge too many.
    #[test]
    fn a_workspace_with_a_forbidden_edge_fails() {
        let dependency = |name: &str, path: &str| {
            format!(
                r#"{{"name":"{name}","source":null,"req":"*","kind":null,"rename":null,
                    "optional":false,"uses_default_features":true,"features":[],"target":null,
                    "registry":null,"path":"/r/{path}"}}"#
            )
        };
        let package = |name: &str, path: &str, dependencies: &str| {
            format!(
                r#"{{"name":"{name}","version":"0.1.0","id":"{name}","license":null,
                    "license_file":null,"description":null,"source":null,
                    "dependencies":[{dependencies}],"targets":[],"features":{{}},
                    "manifest_path":"/r/{path}/Cargo.toml","metadata":null,"publish":null,
                    "authors":[],"categories":[],"keywords":[],"readme":null,"repository":null,
                    "homepage":null,"documentation":null,"edition":"2024","links":null,
                    "default_run":null,"rust_version":null}}"#
            )
        };
        let workspace = |dependencies: &[String]| -> Metadata {
            let text = format!(
                r#"{{"packages":[{},{}],"workspace_members":["ottavo-api","ottavo-driver-memory"],
                    "workspace_default_members":[],"resolve":null,"target_directory":"/r/target",
                    "version":1,"workspace_root":"/r","metadata":null}}"#,
                package("ottavo-api", "host/api", &dependencies.join(",")),
                package("ottavo-driver-memory", "host/drivers/memory", ""),
            );
            serde_json::from_str(&text).unwrap()
        };
        let core = dependency("ottavo-core", "host/core");
        let driver = dependency("ottavo-driver-memory", "host/drivers/memory");
        assert_eq!(check(&workspace(std::slice::from_ref(&core))).unwrap(), Vec::<String>::new());
        let findings = check(&workspace(&[core, driver])).unwrap();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].contains("`api` may not use `drivers/memory`"), "{findings:?}");
    }
}
