//! Where types and functions are at home: an interface, or the world itself; and the file of each.

use std::collections::BTreeMap;

use wit_bindgen_core::wit_parser::{
    Function, InterfaceId, Resolve, TypeId, TypeOwner, World, WorldItem, WorldKey,
};

use crate::names::Scope;

/// An interface is at home once when it is imported and once when it is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    World,
    Interface(InterfaceId),
}

impl Home {
    pub(crate) fn of(owner: TypeOwner) -> Home {
        match owner {
            TypeOwner::Interface(id) => Home::Interface(id),
            TypeOwner::World(_) | TypeOwner::None => Home::World,
        }
    }

    /// The types that are defined or used there, by name.
    pub(crate) fn types<'a>(
        self,
        resolve: &'a Resolve,
        world: &'a World,
    ) -> Vec<(&'a str, TypeId)> {
        match self {
            Home::Interface(id) => {
                let types = resolve.interfaces[id].types.iter();
                types.map(|(name, id)| (name.as_str(), *id)).collect()
            }
            Home::World => {
                let items = world.imports.iter().filter_map(|(key, item)| match (key, item) {
                    (WorldKey::Name(name), WorldItem::Type { id, .. }) => {
                        Some((name.as_str(), *id))
                    }
                    _ => None,
                });
                items.collect()
            }
        }
    }

    /// Its functions; those of the world itself are the imported or the exported ones.
    pub(crate) fn functions<'a>(
        self,
        resolve: &'a Resolve,
        world: &'a World,
        exported: bool,
    ) -> Vec<&'a Function> {
        let items = if exported { &world.exports } else { &world.imports };
        match self {
            Home::Interface(id) => resolve.interfaces[id].functions.values().collect(),
            Home::World => {
                let functions = items.values().filter_map(|item| match item {
                    WorldItem::Function(function) => Some(function),
                    _ => None,
                });
                functions.collect()
            }
        }
    }
}

/// What is known of a home.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its file, which is also how other files name it.
    pub(crate) module: String,
    /// Its name for people, which an import and an export may share.
    pub(crate) short: String,
    /// `ns:package/name@version`, or the name that the world gives; `$root` is the world itself.
    pub(crate) canonical: String,
    pub(crate) exported: bool,
    /// Whether the SDK's package has it.
    pub(crate) of_sdk: bool,
}

impl Place {
    /// The module of core WebAssembly that has the functions on an exported resource.
    pub(crate) fn intrinsics(&self) -> String {
        format!("[export]{}", self.canonical)
    }

    /// The name under which the host looks for a function.
    pub(crate) fn export(&self, function: &str) -> String {
        match self.canonical.as_str() {
            "$root" => function.to_owned(),
            canonical => format!("{canonical}#{function}"),
        }
    }
}

/// Every home of a world.
pub(crate) fn places(resolve: &Resolve, world: &World) -> BTreeMap<Home, Place> {
    let mut scope = Scope::default();
    for taken in ["abi", "entry"] {
        scope.fresh(taken);
    }
    let mut places = BTreeMap::new();
    for (items, exported) in [(&world.imports, false), (&world.exports, true)] {
        let interfaces: Vec<_> = items
            .iter()
            .filter_map(|(key, item)| match item {
                WorldItem::Interface { id, .. } => Some((key, *id)),
                _ => None,
            })
            .collect();
        let candidates: Vec<_> =
            interfaces.iter().map(|(key, id)| candidates(resolve, key, *id)).collect();
        for ((key, id), module) in interfaces.iter().zip(shortest(&candidates)) {
            let clash = exported && scope.is_taken(&module);
            let short = module.clone();
            let module = if clash { format!("exported-{module}") } else { module };
            let place = Place {
                module: scope.fresh(&module),
                short,
                canonical: resolve.name_world_key(key),
                exported,
                of_sdk: resolve.name_world_key(key).starts_with("ottavo:runtime/"),
            };
            places.insert(Home::Interface(*id), place);
        }
    }
    let world = Place {
        module: scope.fresh("world"),
        short: "world".to_owned(),
        canonical: "$root".to_owned(),
        exported: false,
        of_sdk: false,
    };
    places.insert(Home::World, world);
    places
}

/// What a file may be called, from the shortest name to the whole.
fn candidates(resolve: &Resolve, key: &WorldKey, id: InterfaceId) -> Vec<String> {
    let interface = &resolve.interfaces[id];
    let (WorldKey::Interface(_), Some(name), Some(package)) =
        (key, &interface.name, interface.package)
    else {
        return vec![resolve.name_world_key(key)];
    };
    let package = &resolve.packages[package].name;
    let mut names = vec![name.clone(), format!("{}-{name}", package.name)];
    names.push(format!("{}-{}", package.namespace, names[1]));
    if let Some(version) = &package.version {
        let version = version.to_string().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        names.push(format!("{}-{version}", names[2]));
    }
    names
}

/// For each the first of its names that no other has.
fn shortest(all: &[Vec<String>]) -> Vec<String> {
    let mut level = vec![0; all.len()];
    loop {
        let names: Vec<&String> = all.iter().zip(&level).map(|(names, at)| &names[*at]).collect();
        let longer = |place: usize| {
            let shared = names.iter().filter(|name| **name == names[place]).count() > 1;
            shared && level[place] + 1 < all[place].len()
        };
        let next: Vec<usize> =
            (0..all.len()).map(|place| level[place] + usize::from(longer(place))).collect();
        if next == level {
            return names.into_iter().cloned().collect();
        }
        level = next;
    }
}

#[cfg(test)]
mod tests {
    use super::shortest;

    #[test]
    fn files_are_called_by_the_shortest_name_that_tells_them_apart() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let all: Vec<Vec<String>> = vec![
            names(&["types", "http-types", "wasi-http-types"]),
            names(&["types", "clocks-types", "wasi-clocks-types"]),
            names(&["types", "http-types", "test-http-types"]),
            names(&["state", "runtime-state"]),
        ];
        let files = shortest(&all);
        assert_eq!(files, ["wasi-http-types", "clocks-types", "test-http-types", "state"]);
    }
}
