//! The walk over a world: one file per interface, then what they share.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use wit_bindgen_core::wit_parser::{
    Function, InterfaceId, Resolve, TypeDefKind, TypeId, WorldId, WorldKey,
};
use wit_bindgen_core::{Files, WorldGenerator};

use crate::Options;
use crate::file::{File, Shared};
use crate::home::{Home, Place};

const ABI: &str = include_str!("abi.ts");

/// Stands in `exports.json` for what the SDK exports.
const SDK: &str = "@ottavo/sdk";

/// What `abi.ts` has only where a world needs it, and the name that tells.
const PARTS: [(&str, &str); 4] = [
    ("extends abi.Handle", include_str!("handles.ts")),
    ("abi.borrow<", include_str!("borrows.ts")),
    ("new abi.Table<", include_str!("table.ts")),
    ("abi.sized(", include_str!("fixed.ts")),
];

/// A world on its way to files.
pub(crate) struct World {
    options: Options,
    id: WorldId,
    shared: Shared,
    /// The file of each home, and the homes that it refers to.
    written: BTreeMap<Home, (String, BTreeSet<Home>)>,
}

impl World {
    pub(crate) fn new(id: WorldId, options: Options) -> World {
        World { options, id, shared: Shared::default(), written: BTreeMap::new() }
    }

    fn head(&self) -> String {
        format!("// Generated from WIT by `{}`; not for editing.\n\n", self.options.generator)
    }

    /// Writes the file of one home, if there is anything to write.
    fn file(&mut self, resolve: &Resolve, home: Home, imports: bool) {
        let head = self.head();
        let world = &resolve.worlds[self.id];
        let mut file = File::new(resolve, world, &mut self.shared, Some(home));
        let (functions, members) =
            if imports { file.import_functions(home) } else { Default::default() };
        file.define(home, &members);
        file.text.push_str(&functions);
        if file.text.is_empty() && file.classes.is_empty() && home == Home::World {
            return;
        }
        let modules = file.modules.clone();
        self.written.insert(home, (file.finish(&head), modules));
    }

    /// `entry.ts` with `exports.json`, and the homes that it refers to.
    fn entry(&mut self, resolve: &Resolve, files: &mut Files) -> BTreeSet<Home> {
        let world = &resolve.worlds[self.id];
        let mut head = self.head();
        let used: BTreeSet<&str> =
            self.shared.implementations.values().map(String::as_str).collect();
        let used: Vec<_> = used.into_iter().collect();
        if !used.is_empty() {
            let (used, from) = (used.join(", "), &self.options.implementation);
            head.push_str(&format!("import {{ {used} }} from \"{from}\";\n"));
        }
        let mut renamed = Vec::new();
        let exporting = self.shared.exporting(&self.options);
        let mut file = File::new(resolve, world, &mut self.shared, None);
        for home in &exporting {
            for (_, id) in home.types(resolve, world) {
                let is_resource = matches!(resolve.types[id].kind, TypeDefKind::Resource);
                if is_resource && file.shared.is_exported(resolve, id) {
                    renamed.push(file.exported_resource(id));
                }
            }
        }
        for home in exporting {
            for function in home.functions(resolve, world, true) {
                let key = (home, function.name.clone());
                let written = file.shared.implementations.get(&key).cloned().unwrap_or_default();
                renamed.extend(file.export_function(home, function, &written));
            }
        }
        file.text.push_str("export { cabi_realloc } from \"./abi\";\n");
        let modules = file.modules.clone();
        files.push("entry.ts", file.finish(&head).as_bytes());
        // the SDK exports these: the transform adds them
        let of_sdk = |place: &&Place| place.exported && self.options.sdk && place.of_sdk;
        let of_sdk = self.shared.places.values().filter(of_sdk);
        let of_sdk: Vec<_> = of_sdk.map(|place| place.canonical.as_str()).collect();
        if !of_sdk.is_empty() {
            renamed.push((SDK.to_owned(), of_sdk.join(" ")));
        }
        let lines: Vec<_> =
            renamed.iter().map(|(ours, host)| format!("  \"{ours}\": \"{host}\"")).collect();
        files.push("exports.json", format!("{{\n{}\n}}\n", lines.join(",\n")).as_bytes());
        modules
    }

    /// Whether the file stands for itself: those of the SDK are there only where others need them.
    fn is_wanted(&self, home: Home, needed: &BTreeSet<Home>) -> bool {
        let place = &self.shared.places[&home];
        needed.contains(&home) || !(self.options.sdk && place.of_sdk)
    }

    fn abi(&self, files: &Files) -> String {
        let mut abi = self.head() + ABI;
        let texts: Vec<_> = files.iter().map(|(_, text)| String::from_utf8_lossy(text)).collect();
        let occurs = |name: &str| texts.iter().any(|text| text.contains(name));
        for (name, part) in PARTS {
            if occurs(name) {
                abi.push_str(part);
            }
        }
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
        true
    }

    fn preprocess(&mut self, resolve: &Resolve, world: WorldId) -> Result<()> {
        self.shared = Shared::new(resolve, &resolve.worlds[world], &self.options);
        Ok(())
    }

    fn import_interface(
        &mut self,
        resolve: &Resolve,
        _: &WorldKey,
        id: InterfaceId,
        _: &mut Files,
    ) -> Result<()> {
        self.file(resolve, Home::Interface(id), true);
        Ok(())
    }

    fn export_interface(
        &mut self,
        resolve: &Resolve,
        _: &WorldKey,
        id: InterfaceId,
        _: &mut Files,
    ) -> Result<()> {
        let defines = resolve.interfaces[id].types.values();
        let defines = defines.into_iter().any(|id| self.shared.types.contains_key(id));
        if defines {
            self.file(resolve, Home::Interface(id), false);
        }
        Ok(())
    }

    fn import_funcs(&mut self, _: &Resolve, _: WorldId, _: &[(&str, &Function)], _: &mut Files) {
        // what the world itself has is written at the end, in one file
    }

    fn export_funcs(
        &mut self,
        _: &Resolve,
        _: WorldId,
        _: &[(&str, &Function)],
        _: &mut Files,
    ) -> Result<()> {
        Ok(())
    }

    fn import_types(&mut self, _: &Resolve, _: WorldId, _: &[(&str, TypeId)], _: &mut Files) {}

    fn finish(&mut self, resolve: &Resolve, _: WorldId, files: &mut Files) -> Result<()> {
        self.file(resolve, Home::World, true);
        let exports = !resolve.worlds[self.id].exports.is_empty();
        let mut needed = if exports { self.entry(resolve, files) } else { BTreeSet::new() };
        // to the end: a file that is needed may need another
        loop {
            let known = needed.len();
            for (home, (_, modules)) in &self.written {
                if self.is_wanted(*home, &needed) {
                    needed.extend(modules);
                }
            }
            if needed.len() == known {
                break;
            }
        }
        for (home, (text, _)) in &self.written {
            if self.is_wanted(*home, &needed) {
                let name = format!("{}.ts", self.shared.places[home].module);
                files.push(&name, text.as_bytes());
            }
        }
        let abi = self.abi(files);
        files.push("abi.ts", abi.as_bytes());
        Ok(())
    }
}
