//! The walk over a world: one file per interface, then what they share.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use wit_bindgen_core::wit_parser::{
    Function, InterfaceId, Resolve, TypeId, WorldId, WorldItem, WorldKey,
};
use wit_bindgen_core::{Files, WorldGenerator};

use crate::Options;
use crate::exports::Renamed;
use crate::file::{File, Shared, identifier};
use crate::names::{self, Names, Scope};

const ABI: &str = include_str!("abi.ts");

/// A world on its way to files.
pub(crate) struct World {
    options: Options,
    shared: Shared,
    renamed: Vec<Renamed>,
    /// The exported interfaces, written together at the end.
    exported: Vec<InterfaceId>,
}

impl World {
    pub(crate) fn new(options: Options) -> World {
        World { options, shared: Shared::default(), renamed: Vec::new(), exported: Vec::new() }
    }

    fn head(&self) -> String {
        format!("// Generated from WIT by `{}`; not for editing.\n\n", self.options.generator)
    }

    /// One name per function of the user's: of its own if no other export has it, else with the
    /// interface's before it.
    fn implementations(&self, resolve: &Resolve) -> BTreeMap<(InterfaceId, String), String> {
        let mut seen = BTreeMap::<&str, usize>::new();
        let functions = || {
            self.exported.iter().flat_map(|id| {
                resolve.interfaces[*id].functions.keys().map(|name| (*id, name.as_str()))
            })
        };
        for (_, name) in functions() {
            *seen.entry(name).or_default() += 1;
        }
        let names = functions().map(|(id, name)| {
            let wit = match seen[name] {
                1 => name.to_owned(),
                _ => format!("{}-{name}", self.shared.modules[&id]),
            };
            ((id, name.to_owned()), self.shared.names.value(&wit))
        });
        names.collect()
    }

    fn entry(&mut self, resolve: &Resolve, files: &mut Files) {
        let implementations = self.implementations(resolve);
        let used: BTreeSet<&str> = implementations.values().map(String::as_str).collect();
        let used: Vec<_> = used.into_iter().collect();
        let mut head = self.head();
        head.push_str(&format!(
            "import {{ {} }} from \"{}\";\n",
            used.join(", "),
            self.options.implementation
        ));
        let mut file = File::new(resolve, &mut self.shared, None);
        for id in &self.exported {
            for (name, function) in &resolve.interfaces[*id].functions {
                let implementation = &implementations[&(*id, name.clone())];
                self.renamed.extend(file.export_function(*id, function, implementation));
            }
        }
        file.text.push_str("export { cabi_realloc } from \"./abi\";\n");
        files.push("entry.ts", file.finish(&head).as_bytes());
        let lines: Vec<_> =
            self.renamed.iter().map(|(ours, host)| format!("  \"{ours}\": \"{host}\"")).collect();
        files.push("exports.json", format!("{{\n{}\n}}\n", lines.join(",\n")).as_bytes());
    }

    fn abi(&self) -> String {
        let mut abi = self.head() + ABI;
        for size in &self.shared.tuples {
            let list = |of: fn(usize) -> String| (0..*size).map(of).collect::<Vec<_>>().join(", ");
            let (types, fields) = (
                list(|place| format!("T{place}")),
                list(|place| format!("public f{place}: T{place}")),
            );
            abi.push_str(&format!(
                "\nexport class Tuple{size}<{types}> {{\n  constructor({fields}) {{}}\n}}\n"
            ));
        }
        abi
    }
}

impl WorldGenerator for World {
    fn uses_nominal_type_ids(&self) -> bool {
        false
    }

    fn preprocess(&mut self, resolve: &Resolve, world: WorldId) -> Result<()> {
        self.shared.sizes.fill(resolve);
        let world = &resolve.worlds[world];
        let mut scope = Scope::default();
        for taken in ["abi", "entry"] {
            scope.fresh(taken);
        }
        for item in world.imports.values().chain(world.exports.values()) {
            if let WorldItem::Interface { id, .. } = item {
                let name = resolve.interfaces[*id].name.as_deref().unwrap_or_default();
                self.shared.modules.insert(*id, scope.fresh(name));
            }
        }
        self.shared.names =
            Names::new(self.shared.modules.values().map(|module| identifier(module)));
        Ok(())
    }

    fn import_interface(
        &mut self,
        resolve: &Resolve,
        _: &WorldKey,
        id: InterfaceId,
        files: &mut Files,
    ) -> Result<()> {
        let head = self.head();
        let mut file = File::new(resolve, &mut self.shared, Some(id));
        let (functions, members) = file.import_functions(id);
        file.define(id, &members);
        file.text.push_str(&functions);
        let name = format!("{}.ts", file.shared.modules[&id]);
        files.push(&name, file.finish(&head).as_bytes());
        Ok(())
    }

    fn export_interface(
        &mut self,
        resolve: &Resolve,
        _: &WorldKey,
        id: InterfaceId,
        files: &mut Files,
    ) -> Result<()> {
        self.exported.push(id);
        let defines =
            resolve.interfaces[id].types.values().any(|id| names::is_defined(resolve, *id));
        if defines {
            let head = self.head();
            let mut file = File::new(resolve, &mut self.shared, Some(id));
            file.define(id, &BTreeMap::new());
            let name = format!("{}.ts", file.shared.modules[&id]);
            files.push(&name, file.finish(&head).as_bytes());
        }
        Ok(())
    }

    fn import_funcs(&mut self, _: &Resolve, _: WorldId, _: &[(&str, &Function)], _: &mut Files) {
        unreachable!("functions of a world are refused before");
    }

    fn export_funcs(
        &mut self,
        _: &Resolve,
        _: WorldId,
        _: &[(&str, &Function)],
        _: &mut Files,
    ) -> Result<()> {
        unreachable!("functions of a world are refused before");
    }

    fn import_types(&mut self, _: &Resolve, _: WorldId, _: &[(&str, TypeId)], _: &mut Files) {
        // only aliases are left: they are written as what they stand for
    }

    fn finish(&mut self, resolve: &Resolve, _: WorldId, files: &mut Files) -> Result<()> {
        if !self.exported.is_empty() {
            self.entry(resolve, files);
        }
        files.push("abi.ts", self.abi().as_bytes());
        Ok(())
    }
}
