//! One generated file: whose it is, what it imports, and its text so far.

use std::collections::{BTreeMap, BTreeSet};

use wit_bindgen_core::wit_parser::{Resolve, SizeAlign, TypeId, World};

use crate::home::{Home, Place};
use crate::names::{Names, Scope};
use crate::source;

/// What all files of a world share.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) sizes: SizeAlign,
    pub(crate) names: Names,
    pub(crate) places: BTreeMap<Home, Place>,
    /// What every type that is defined somewhere is called there.
    pub(crate) types: BTreeMap<TypeId, String>,
    /// What every function of a resource is called in its class.
    pub(crate) members: BTreeMap<(TypeId, String), String>,
    /// The user's name for each exported function of no resource.
    pub(crate) implementations: BTreeMap<(Home, String), String>,
    /// The user's name for each exported resource.
    pub(crate) classes: BTreeMap<TypeId, String>,
    /// The module with what the user wrote.
    pub(crate) implementation: String,
    /// The sizes of tuples that the world uses.
    pub(crate) tuples: BTreeSet<usize>,
}

impl Shared {
    /// Whether the component itself defines the resource.
    pub(crate) fn is_exported(&self, resolve: &Resolve, resource: TypeId) -> bool {
        self.places[&Home::of(resolve.types[resource].owner)].exported
    }
}

pub(crate) struct File<'a> {
    pub(crate) resolve: &'a Resolve,
    pub(crate) world: &'a World,
    pub(crate) shared: &'a mut Shared,
    /// Whose types this file defines; none in `entry.ts`.
    pub(crate) home: Option<Home>,
    /// The names of types and functions at the top.
    pub(crate) scope: Scope,
    pub(crate) text: String,
    /// The files that this one refers to.
    pub(crate) modules: BTreeSet<Home>,
    /// Classes of the user's, under the name that they have here.
    pub(crate) classes: Vec<(String, String)>,
    values: BTreeSet<String>,
}

impl<'a> File<'a> {
    pub(crate) fn new(
        resolve: &'a Resolve,
        world: &'a World,
        shared: &'a mut Shared,
        home: Option<Home>,
    ) -> File<'a> {
        File {
            resolve,
            world,
            shared,
            home,
            scope: Scope::default(),
            text: String::new(),
            modules: BTreeSet::new(),
            classes: Vec::new(),
            values: BTreeSet::new(),
        }
    }

    /// How this file names a type of another.
    pub(crate) fn qualified(&mut self, home: Home, name: &str) -> String {
        if self.home == Some(home) {
            return name.to_owned();
        }
        self.modules.insert(home);
        format!("{}.{name}", identifier(&self.shared.places[&home].module))
    }

    /// A type of `abi.ts`.
    pub(crate) fn of_abi(&mut self, name: &str) -> String {
        self.values.insert(name.to_owned());
        name.to_owned()
    }

    /// The whole file, below `head`.
    pub(crate) fn finish(self, head: &str) -> String {
        let mut file = head.to_owned();
        if self.text.contains("abi.") {
            file.push_str("import * as abi from \"./abi\";\n");
        }
        if !self.values.is_empty() {
            let values: Vec<_> = self.values.into_iter().collect();
            file.push_str(&format!("import {{ {} }} from \"./abi\";\n", values.join(", ")));
        }
        for home in self.modules {
            let module = &self.shared.places[&home].module;
            let name = identifier(module);
            file.push_str(&format!("import * as {name} from \"./{module}\";\n"));
        }
        if !self.classes.is_empty() {
            let here: Vec<_> = self.classes.iter().map(|(_, here)| here.as_str()).collect();
            let renamed = self.classes.iter().map(|(theirs, here)| match theirs == here {
                true => here.clone(),
                false => format!("{theirs} as {here}"),
            });
            let renamed: Vec<_> = renamed.collect();
            file.push_str(&format!(
                "import {{ {} }} from \"{}\";\n\nexport {{ {} }};\n",
                renamed.join(", "),
                self.shared.implementation,
                here.join(", ")
            ));
        }
        file.push('\n');
        file.push_str(source::indent(&self.text).trim());
        file.truncate(file.trim_end().len());
        file.push('\n');
        file
    }
}

/// The name by which a file's module is imported: `http-handler` is `httpHandler`.
pub(crate) fn identifier(module: &str) -> String {
    let name = crate::names::member(module);
    if name == "abi" { "abi_".to_owned() } else { name }
}
