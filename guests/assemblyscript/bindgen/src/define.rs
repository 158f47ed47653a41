//! Definitions of the types of an interface, or of the world itself.

use std::collections::BTreeMap;

use wit_bindgen_core::wit_parser::{Enum, Flags, Record, TypeDefKind, TypeId, Variant};

use crate::file::File;
use crate::home::Home;
use crate::names::{self, Scope};
use crate::source::docs;
use crate::types::flags_type;

impl File<'_> {
    /// Defines every type; `members` are the functions of resources, already written.
    pub(crate) fn define(&mut self, home: Home, members: &BTreeMap<TypeId, String>) {
        let resolve = self.resolve;
        let types: Vec<_> = home.types(resolve, self.world);
        let types = types.into_iter().filter(|(_, id)| self.shared.types.contains_key(id));
        let types: Vec<_> = types.map(|(_, id)| (self.shared.types[&id].clone(), id)).collect();
        for (name, _) in &types {
            self.scope.fresh(name);
        }
        for (name, id) in types {
            let ty = &resolve.types[id];
            let definition = match &ty.kind {
                TypeDefKind::Record(record) => self.record(&name, record),
                TypeDefKind::Enum(cases) => enumeration(&name, cases),
                TypeDefKind::Flags(flags) => bits(&name, flags),
                TypeDefKind::Variant(variant) => self.variant(&name, variant),
                // the user writes the class
                TypeDefKind::Resource if self.shared.is_exported(resolve, id) => {
                    self.classes.push((self.shared.classes[&id].clone(), name));
                    continue;
                }
                TypeDefKind::Resource => self.resource(&name, id, members.get(&id)),
                // an alias is written as what it stands for
                _ => continue,
            };
            self.text.push_str(&docs(ty.docs.contents.as_deref()));
            self.text.push_str(&definition);
            self.text.push('\n');
        }
    }

    fn record(&mut self, name: &str, record: &Record) -> String {
        let fields: String = record
            .fields
            .iter()
            .zip(names::fields(record))
            .map(|(field, named)| {
                let docs = docs(field.docs.contents.as_deref());
                format!("{docs}public {named}: {},\n", self.ty(&field.ty))
            })
            .collect();
        format!("export class {name} {{\nconstructor(\n{fields}) {{}}\n}}\n")
    }

    fn variant(&mut self, name: &str, variant: &Variant) -> String {
        let cases = names::cases(variant);
        let tags: Vec<_> = cases.iter().map(|(_, tag)| tag.as_str()).collect();
        let tag = self.scope.fresh(&format!("{name}Tag"));
        let mut text = format!("export enum {tag} {{\n{},\n}}\n\n", tags.join(",\n"));
        text.push_str(&format!(
            "export class {name} {{\nprivate constructor(public readonly tag: {tag}) {{}}\n"
        ));
        for (case, (make, named)) in variant.cases.iter().zip(&cases) {
            let docs = docs(case.docs.contents.as_deref());
            match &case.ty {
                None => text.push_str(&format!(
                    "\n{docs}static {make}(): {name} {{\nreturn new {name}({tag}.{named});\n}}\n"
                )),
                Some(payload) => {
                    let ty = self.ty(payload);
                    let zero = self.zero(&ty);
                    text.push_str(&format!(
                        "\nprivate _{make}: {ty} = {zero};\n\n\
                         {docs}static {make}(payload: {ty}): {name} {{\n\
                         const made = new {name}({tag}.{named});\n\
                         made._{make} = payload;\nreturn made;\n}}\n\n\
                         /** What `{make}` was given; only where `tag` says so. */\n\
                         get as{named}(): {ty} {{\n\
                         assert(this.tag == {tag}.{named}, \"this `{name}` is no `{make}`\");\n\
                         return this._{make};\n}}\n"
                    ));
                }
            }
        }
        text + "}\n"
    }
}

fn enumeration(name: &str, cases: &Enum) -> String {
    let mut scope = Scope::default();
    let mut text = format!("export enum {name} {{\n");
    for case in &cases.cases {
        text.push_str(&docs(case.docs.contents.as_deref()));
        text.push_str(&format!("{},\n", scope.fresh(&names::case(&case.name))));
    }
    text + "}\n"
}

fn bits(name: &str, flags: &Flags) -> String {
    let ty = flags_type(flags);
    let mut scope = Scope::default();
    let mut text = format!("export namespace {name} {{\n");
    for (bit, flag) in flags.flags.iter().enumerate() {
        text.push_str(&docs(flag.docs.contents.as_deref()));
        let flag = scope.fresh(&names::constant(&flag.name));
        text.push_str(&format!("export const {flag}: {ty} = 1 << {bit};\n"));
    }
    text + "}\n"
}
