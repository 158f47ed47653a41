//! Resources. An imported one is a class around its handle; an exported one is a class of the
//! user's, whose objects stand in a table while the host holds them.
//!
//! AssemblyScript has no destructors, so whoever holds an imported one gives it back with `drop`.

use wit_bindgen_core::abi::{WasmSignature, WasmType};
use wit_bindgen_core::wit_parser::{Handle, TypeId};

use crate::exports::Renamed;
use crate::file::{File, identifier};
use crate::home::Home;
use crate::imports::declaration;
use crate::names;
use crate::scalar::narrowed;

/// What runs on a resource's number.
fn signature(returns: bool) -> WasmSignature {
    WasmSignature {
        params: vec![WasmType::I32],
        results: if returns { vec![WasmType::I32] } else { Vec::new() },
        indirect_params: false,
        retptr: false,
    }
}

impl File<'_> {
    /// The class of an imported one; `members` are its functions.
    pub(crate) fn resource(&mut self, name: &str, id: TypeId, members: Option<&String>) -> String {
        let ty = &self.resolve.types[id];
        let wit = ty.name.as_deref().expect("a resource has a name");
        let module = self.shared.places[&Home::of(ty.owner)].canonical.clone();
        let drop = self.scope.fresh(&format!("_drop{}", names::case(wit)));
        let declared =
            declaration(&module, &format!("[resource-drop]{wit}"), &drop, &signature(false));
        self.text.push_str(&declared);
        format!(
            "export class {name} extends abi.Handle {{\n\
             /** Gives the resource back to the host; once is enough. */\n\
             drop(): void {{\nif (this.handle != 0) {drop}(this.take());\n}}\n\n{}}}\n",
            members.map_or("", String::as_str)
        )
    }

    /// In `entry.ts`, of an exported one: the table of those that the host holds, the way into it
    /// and out of it, and what the host calls when it drops one.
    pub(crate) fn exported_resource(&mut self, id: TypeId) -> Renamed {
        let ty = &self.resolve.types[id];
        let wit = ty.name.as_deref().expect("a resource has a name");
        let place = self.shared.places[&Home::of(ty.owner)].clone();
        let (class, glue) = (self.named(id), self.glue(id));
        for (what, name, returns) in [
            (format!("[resource-new]{wit}"), format!("{glue}New"), true),
            (format!("[resource-rep]{wit}"), format!("{glue}Rep"), true),
            (format!("[resource-drop]{wit}"), format!("{glue}Drop"), false),
        ] {
            let declared = declaration(&place.intrinsics(), &what, &name, &signature(returns));
            self.text.push_str(&declared);
        }
        let dropped = format!("{}_drop", &glue[1..]);
        let canonical = place.export(&format!("[dtor]{wit}"));
        self.text.push_str(&format!(
            "/** Each `{wit}` that the host holds. */\n\
             const {glue}Table = new abi.Table<{class}>();\n\n\
             /** Hands a `{wit}` over to the host. */\n\
             function {glue}Give(object: {class}): i32 {{\n\
             return {glue}New({glue}Table.add(object));\n}}\n\n\
             /** Takes a `{wit}` back: dropping the handle of one that is no longer in the table \
             only frees its place. */\n\
             function {glue}Take(handle: i32): {class} {{\n\
             const object = {glue}Table.take({glue}Rep(handle));\n\
             {glue}Drop(handle);\nreturn object;\n}}\n\n\
             /** `{canonical}` */\n\
             export function {dropped}(place: i32): void {{\n\
             if ({glue}Table.has(place)) {{\n\
             const object = {glue}Table.take(place);\n\
             {glue}Table.release(place);\n\
             if (isDefined(object.drop)) object.drop();\n\
             }} else {{\n{glue}Table.release(place);\n}}\n}}\n\n"
        ));
        (dropped, canonical)
    }

    /// How the names begin that belong to an exported resource in `entry.ts`.
    fn glue(&self, id: TypeId) -> String {
        let home = Home::of(self.resolve.types[id].owner);
        let module = identifier(&self.shared.places[&home].module);
        format!("_{module}_{}", self.shared.types[&id])
    }

    /// A handle becomes an object; says whether it is one that the host gets back after the call.
    pub(crate) fn lift_handle(&mut self, handle: &Handle, value: &str) -> (String, bool) {
        let (Handle::Own(resource) | Handle::Borrow(resource)) = handle;
        let id = wit_bindgen_core::dealias(self.resolve, *resource);
        let exported = self.shared.is_exported(self.resolve, id);
        let class = self.named(id);
        match (exported, handle) {
            (true, Handle::Own(_)) => (format!("{}Take({value})", self.glue(id)), false),
            // the host lends its own place in the table, which counts as a pointer
            (true, Handle::Borrow(_)) => {
                (format!("{}Table.get({})", self.glue(id), narrowed("i32", value)), false)
            }
            (false, Handle::Own(_)) => (format!("new {class}({value})"), false),
            (false, Handle::Borrow(_)) => {
                (format!("abi.borrow<{class}>(new {class}({value}))"), true)
            }
        }
    }

    /// An object becomes a handle.
    pub(crate) fn lower_handle(&mut self, handle: &Handle, value: &str) -> String {
        let (Handle::Own(resource) | Handle::Borrow(resource)) = handle;
        let id = wit_bindgen_core::dealias(self.resolve, *resource);
        match handle {
            Handle::Own(_) if self.shared.is_exported(self.resolve, id) => {
                format!("{}Give({value})", self.glue(id))
            }
            Handle::Own(_) => format!("{value}.take()"),
            Handle::Borrow(_) => format!("{value}.handle"),
        }
    }
}
