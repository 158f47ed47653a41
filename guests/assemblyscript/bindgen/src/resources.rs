//! Imported resources: a class around the handle. AssemblyScript has no destructors, so whoever
//! holds one gives it back with `drop`.

use wit_bindgen_core::abi::{WasmSignature, WasmType};
use wit_bindgen_core::wit_parser::TypeId;

use crate::file::File;
use crate::imports::declaration;
use crate::names;

impl File<'_> {
    pub(crate) fn resource(&mut self, name: &str, id: TypeId, members: Option<&String>) -> String {
        let resolve = self.resolve;
        let wit = resolve.types[id].name.as_deref().expect("a resource has a name");
        let interface = self.interface.expect("resources are defined in interfaces");
        let module = resolve.id_of(interface).expect("an interface with a name");
        let drop = self.scope.fresh(&format!("_drop{}", names::case(wit)));
        let signature = WasmSignature {
            params: vec![WasmType::I32],
            results: Vec::new(),
            indirect_params: false,
            retptr: false,
        };
        let declared = declaration(&module, &format!("[resource-drop]{wit}"), &drop, &signature);
        self.text.push_str(&declared);
        format!(
            "export class {name} {{\nconstructor(public handle: i32) {{}}\n\n\
             /** Hands the resource over: this object holds it no longer. */\n\
             take(): i32 {{\nconst handle = this.handle;\n\
             assert(handle != 0, \"this `{name}` was given away or dropped\");\n\
             this.handle = 0;\nreturn handle;\n}}\n\n\
             /** Gives the resource back to the host; once is enough. */\n\
             drop(): void {{\nif (this.handle != 0) {drop}(this.take());\n}}\n\n{}}}\n",
            members.map_or("", String::as_str)
        )
    }
}
