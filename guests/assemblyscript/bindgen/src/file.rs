//! One generated file: which interface it is of, what it imports, and its text so far.

use std::collections::{BTreeMap, BTreeSet};

use wit_bindgen_core::wit_parser::{InterfaceId, Resolve, SizeAlign};

use crate::names::{Names, Scope};
use crate::source;

/// What all files of a world share.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) sizes: SizeAlign,
    pub(crate) names: Names,
    /// The file of each interface, which is also how other files name it.
    pub(crate) modules: BTreeMap<InterfaceId, String>,
    /// The sizes of tuples that the world uses.
    pub(crate) tuples: BTreeSet<usize>,
}

pub(crate) struct File<'a> {
    pub(crate) resolve: &'a Resolve,
    pub(crate) shared: &'a mut Shared,
    /// Whose types this file defines; none in `entry.ts`.
    pub(crate) interface: Option<InterfaceId>,
    /// The names of types and functions at the top.
    pub(crate) scope: Scope,
    pub(crate) text: String,
    modules: BTreeSet<InterfaceId>,
    values: BTreeSet<String>,
}

impl<'a> File<'a> {
    pub(crate) fn new(
        resolve: &'a Resolve,
        shared: &'a mut Shared,
        interface: Option<InterfaceId>,
    ) -> File<'a> {
        File {
            resolve,
            shared,
            interface,
            scope: Scope::default(),
            text: String::new(),
            modules: BTreeSet::new(),
            values: BTreeSet::new(),
        }
    }

    /// How this file names a type of an interface.
    pub(crate) fn qualified(&mut self, interface: InterfaceId, name: &str) -> String {
        if self.interface == Some(interface) {
            return name.to_owned();
        }
        self.modules.insert(interface);
        format!("{}.{name}", identifier(&self.shared.modules[&interface]))
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
        for interface in self.modules {
            let module = &self.shared.modules[&interface];
            let name = identifier(module);
            file.push_str(&format!("import * as {name} from \"./{module}\";\n"));
        }
        file.push('\n');
        file.push_str(source::indent(&self.text).trim_end());
        file.push('\n');
        file
    }
}

/// The name by which a file's module is imported: `http-handler` is `httpHandler`.
pub(crate) fn identifier(module: &str) -> String {
    let name = crate::names::member(module);
    if name == "abi" { "abi_".to_owned() } else { name }
}
