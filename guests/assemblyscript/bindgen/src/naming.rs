//! What everything of a world is called, decided before any file is written.

use std::collections::BTreeMap;

use wit_bindgen_core::wit_parser::{FunctionKind, Resolve, TypeDefKind, World};

use crate::Options;
use crate::file::{Shared, identifier};
use crate::home::{Home, places};
use crate::names::{self, Names, Scope};

impl Shared {
    pub(crate) fn new(resolve: &Resolve, world: &World, options: &Options) -> Shared {
        let places = places(resolve, world);
        let modules = places.values().map(|place| identifier(&place.module));
        let mut shared = Shared {
            names: Names::new(modules),
            implementation: options.implementation.clone(),
            places,
            ..Shared::default()
        };
        shared.sizes.fill(resolve);
        let homes: Vec<Home> = shared.places.keys().copied().collect();
        for home in homes {
            shared.name_types(resolve, world, home);
            shared.name_members(resolve, world, home);
        }
        shared.name_implementations(resolve, world, options);
        shared
    }

    fn name_types(&mut self, resolve: &Resolve, world: &World, home: Home) {
        let mut scope = Scope::default();
        for (name, id) in home.types(resolve, world) {
            if names::is_defined(resolve, id) {
                self.types.insert(id, scope.fresh(&names::type_name(name)));
            }
        }
    }

    fn name_members(&mut self, resolve: &Resolve, world: &World, home: Home) {
        let mut scopes = BTreeMap::<_, Scope>::new();
        for function in home.functions(resolve, world, false) {
            let Some(resource) = function.kind.resource() else { continue };
            let wanted = match function.kind {
                FunctionKind::Constructor(_) => "create".to_owned(),
                _ => names::method(function.item_name()),
            };
            let name = scopes.entry(resource).or_default().fresh(&wanted);
            self.members.insert((resource, function.name.clone()), name);
        }
    }

    /// One name per function and class of the user's: of its own if no other export has it, else
    /// with the file's before it.
    fn name_implementations(&mut self, resolve: &Resolve, world: &World, options: &Options) {
        let mut wanted = Vec::new();
        for home in self.exporting(options) {
            for function in home.functions(resolve, world, true) {
                if function.kind.resource().is_none() {
                    wanted.push((home, function.name.as_str(), None));
                }
            }
            for (name, id) in home.types(resolve, world) {
                let is_resource = matches!(resolve.types[id].kind, TypeDefKind::Resource);
                if is_resource && self.is_exported(resolve, id) {
                    wanted.push((home, name, Some(id)));
                }
            }
        }
        let mut scope = Scope::default();
        for (home, name, class) in &wanted {
            let clash = wanted.iter().filter(|(_, other, is_class)| {
                other == name && is_class.is_some() == class.is_some()
            });
            let wit = match clash.count() {
                1 => (*name).to_owned(),
                _ => format!("{}-{name}", self.places[home].short),
            };
            match class {
                Some(id) => {
                    self.classes.insert(*id, scope.fresh(&names::type_name(&wit)));
                }
                None => {
                    let named = scope.fresh(&self.names.value(&wit));
                    self.implementations.insert((*home, (*name).to_owned()), named);
                }
            }
        }
    }

    /// Whose exports the user writes, the world's first.
    pub(crate) fn exporting(&self, options: &Options) -> Vec<Home> {
        let exporting = self.places.iter().filter(|(home, place)| {
            **home == Home::World || place.exported && !(options.sdk && place.of_sdk)
        });
        exporting.map(|(home, _)| *home).collect()
    }
}
