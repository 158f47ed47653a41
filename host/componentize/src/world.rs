//! The worlds that a core module embeds, looked at before the encoder trusts them.
//!
//! The encoder and its parser were written for the output of bindings generators. They follow the
//! dependencies of packages, interfaces and types recursively, so a world whose packages depend on
//! each other in a circle would end the process. Nothing such a generator writes is refused here.

use std::collections::HashMap;

use ottavo_core::{Error, Result};
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentEntityType, ComponentInstanceTypeId, ComponentTypeId,
};
use wasmparser::types::{Types, TypesRef};
use wasmparser::{ComponentExternalKind, Parser, Payload, Validator};

use crate::features;
use crate::graph::Graph;
use crate::interface::{InterfaceName, parse_version, track};
use crate::listing::short;
use crate::sniff::{Binary, sniff};

/// The longest chain of packages of which each depends on the next, and of interfaces.
const CHAIN: usize = 64;
/// The longest chain of names for one type (`type a = b`).
const ALIASES: usize = 16;

/// Checks the worlds in all `component-type` sections of the modules, which the encoder will merge.
///
/// # Errors
///
/// `invalid-argument` when one cannot be read, or when dependencies go in a circle or too deep.
pub(crate) fn check_worlds(modules: &[&[u8]]) -> Result<()> {
    let mut worlds = Worlds::default();
    for module in modules {
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CustomSection(section) = payload.map_err(|e| features::refused(&e))?
                && section.name().starts_with("component-type")
            {
                worlds.add(section.data()).map_err(unreadable)?;
            }
        }
    }
    for (graph, what) in [(&worlds.packages, "packages"), (&worlds.interfaces, "interfaces")] {
        if graph.longest_chain().is_none_or(|length| length > CHAIN) {
            return Err(unreadable(Error::invalid(format!(
                "its {what} depend on each other in a circle, or in a chain of more than {CHAIN}"
            ))));
        }
    }
    Ok(())
}

fn unreadable(cause: Error) -> Error {
    Error::invalid(format!(
        "the world that the core module embeds cannot be read: {}; build it again with a current \
         SDK",
        cause.message()
    ))
}

/// Who depends on whom, over all worlds. Compatible versions are one: the encoder merges them.
#[derive(Default)]
struct Worlds {
    packages: Graph,
    interfaces: Graph,
}

/// Where a type was named first: the interface, and how many names it already has.
type Origin = (Place, usize);

/// An interface, its package, and the package with its version as written.
#[derive(Clone)]
struct Place {
    package: String,
    interface: String,
    exact: String,
}

impl Worlds {
    fn add(&mut self, section: &[u8]) -> Result<()> {
        if !matches!(sniff(section), Ok(Binary::Component)) {
            return Err(Error::invalid("it is not encoded as a component"));
        }
        let types = Validator::new_with_features(features::ACCEPTED)
            .validate_all(section)
            .map_err(|e| features::refused(&e))?;
        let (name, world) = find_world(section, &types)
            .ok_or_else(|| Error::invalid("it is not the encoding of one world"))?;
        self.add_world(&name, world, types.as_ref())
    }

    fn add_world(&mut self, name: &str, world: ComponentTypeId, types: TypesRef<'_>) -> Result<()> {
        let home = place(name, "");
        let world = &types[world];
        let mut origins = HashMap::new();
        for (name, item) in world.imports.iter().chain(&world.exports) {
            if let ComponentEntityType::Instance(id) = item.ty {
                let here = place(name, &home.exact);
                self.depend(&home, &here)?;
                self.add_instance(&here, id, types, &mut origins)?;
            }
        }
        Ok(())
    }

    /// The package of one depends on that of the other. Two versions that the encoder may or may
    /// not merge are a circle waiting to be closed.
    fn depend(&mut self, from: &Place, on: &Place) -> Result<()> {
        if from.package == on.package && from.exact != on.exact {
            return Err(Error::invalid(format!(
                "its package `{}` depends on `{}`",
                short(&from.exact),
                short(&on.exact)
            )));
        }
        self.packages.depend(&from.package, &on.package);
        Ok(())
    }

    fn add_instance(
        &mut self,
        here: &Place,
        instance: ComponentInstanceTypeId,
        types: TypesRef<'_>,
        origins: &mut HashMap<ComponentAnyTypeId, Origin>,
    ) -> Result<()> {
        self.interfaces.node(&here.interface);
        for item in types[instance].exports.values() {
            let ComponentEntityType::Type { referenced, created } = item.ty else { continue };
            let mut names = 1;
            let mut next = Some(referenced);
            while let Some(id) = next {
                if let Some((origin, before)) = origins.get(&id) {
                    self.depend(here, origin)?;
                    self.interfaces.depend(&here.interface, &origin.interface);
                    names += before;
                    break;
                }
                names += 1;
                next = types.peel_alias(id);
            }
            if names > ALIASES {
                return Err(Error::invalid(format!("a type has more than {ALIASES} names")));
            }
            origins.insert(created, (here.clone(), names));
        }
        Ok(())
    }
}

/// The one type exported, a component type that exports the world's own and nothing else.
fn find_world(section: &[u8], types: &Types) -> Option<(String, ComponentTypeId)> {
    let mut exported = None;
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(section) {
        match payload.ok()? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    let export = export.ok()?;
                    if exported.is_some() || export.kind != ComponentExternalKind::Type {
                        return None;
                    }
                    exported = Some(export.index);
                }
            }
            _ => {}
        }
    }
    let types = types.as_ref();
    let ComponentAnyTypeId::Component(outer) = types.component_any_type_at(exported?) else {
        return None;
    };
    let outer = &types[outer];
    if !outer.imports.is_empty() || outer.exports.len() != 1 {
        return None;
    }
    let (name, item) = outer.exports.iter().next()?;
    match item.ty {
        ComponentEntityType::Component(world) => Some((name.clone(), world)),
        _ => None,
    }
}

/// A plain name belongs to the package of the world.
fn place(name: &str, home: &str) -> Place {
    let (path, version) = name.split_once('@').unwrap_or((name, ""));
    let Some(parsed) = InterfaceName::parse(name) else {
        let (package, interface) = (merged(home), format!("{home} {path}"));
        return Place { package, interface, exact: home.to_owned() };
    };
    let exact = format!("{}@{version}", parsed.package);
    let package = merged(&exact);
    Place { interface: format!("{package} {}", parsed.interface), package, exact }
}

/// The package with the part of its version that compatible ones share.
fn merged(package: &str) -> String {
    let Some((name, version)) = package.split_once('@') else { return package.to_owned() };
    match parse_version(version).map(track) {
        Some((major, minor, patch)) => format!("{name}@{major}.{minor}.{patch}"),
        None => package.to_owned(),
    }
}
