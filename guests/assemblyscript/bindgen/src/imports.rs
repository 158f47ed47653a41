//! Functions of the host: the declaration, and a function that people can call.

use std::collections::BTreeMap;

use wit_bindgen_core::abi::{self, AbiVariant, LiftLower, WasmSignature};
use wit_bindgen_core::wit_parser::{Function, FunctionKind, TypeId};

use crate::arms::flat;
use crate::body::{Body, Callee};
use crate::file::File;
use crate::home::Home;
use crate::names::{self, Scope};
use crate::source::docs;

impl File<'_> {
    /// Every function that is imported from there; what belongs to a resource is returned by
    /// resource.
    pub(crate) fn import_functions(&mut self, home: Home) -> (String, BTreeMap<TypeId, String>) {
        let module = self.shared.places[&home].canonical.clone();
        let (mut free, mut members) = (String::new(), BTreeMap::<TypeId, String>::new());
        for function in home.functions(self.resolve, self.world, false) {
            let text = self.import_function(&module, function);
            match function.kind.resource() {
                Some(resource) => members.entry(resource).or_default().push_str(&text),
                None => free.push_str(&text),
            }
        }
        (free, members)
    }

    fn import_function(&mut self, module: &str, function: &Function) -> String {
        let signature = self.resolve.wasm_signature(AbiVariant::GuestImport, function);
        let raw = self.scope.fresh(&format!("_{}", names::member(&flat_name(&function.name))));
        self.text.push_str(&declaration(module, &function.name, &raw, &signature));

        let is_method = matches!(function.kind, FunctionKind::Method(_));
        let mut scope = Scope::default();
        // names that the body uses beside its own
        for known in ["mark", "abi", raw.as_str()] {
            scope.fresh(known);
        }
        let (mut arguments, mut parameters) = (Vec::new(), Vec::new());
        for (place, parameter) in function.params.iter().enumerate() {
            if is_method && place == 0 {
                arguments.push("this".to_owned());
                continue;
            }
            let name = scope.fresh(&self.shared.names.value(&parameter.name));
            parameters.push(format!("{name}: {}", self.ty(&parameter.ty)));
            arguments.push(name);
        }
        let result = function.result.as_ref().map_or("void".to_owned(), |ty| self.ty(ty));
        let resolve = self.resolve;
        let mut body = Body::new(self, Callee::Import(raw), arguments, scope);
        abi::call(
            resolve,
            AbiVariant::GuestImport,
            LiftLower::LowerArgsLiftResults,
            function,
            &mut body,
            false,
        );
        let body = body.block.text;
        let (before, name) = match function.kind {
            FunctionKind::Freestanding => ("export function ", self.free(&function.name)),
            FunctionKind::Method(_) => ("", self.member(function)),
            _ => ("static ", self.member(function)),
        };
        let docs = docs(function.docs.contents.as_deref());
        let parameters = parameters.join(", ");
        // what is allocated for the call goes with it; a call without needs no mark
        let (mark, body) = match body.contains("abi.allocate") || body.contains("abi.lowerString") {
            true => ("const mark = abi.mark();\n", body),
            false => ("", body.replace("abi.reset(mark);\n", "")),
        };
        let body = direct_return(&body);
        format!("{docs}{before}{name}({parameters}): {result} {{\n{mark}{body}}}\n\n")
    }

    /// A function's name in this file.
    fn free(&mut self, wit: &str) -> String {
        let name = self.shared.names.value(wit);
        self.scope.fresh(&name)
    }

    /// A function's name in the class of its resource.
    fn member(&self, function: &Function) -> String {
        let resource = function.kind.resource().expect("a function of a resource");
        self.shared.members[&(resource, function.name.clone())].clone()
    }
}

/// `const result = x; return result;` is `return x;`.
pub(crate) fn direct_return(body: &str) -> String {
    let Some(rest) = body.strip_suffix(";\nreturn result;\n") else { return body.to_owned() };
    match rest.rsplit_once("const result = ") {
        Some((before, value)) if !value.contains(";\n") => format!("{before}return {value};\n"),
        _ => body.to_owned(),
    }
}

/// Declares a function of the host under a name of ours.
pub(crate) fn declaration(
    module: &str,
    name: &str,
    raw: &str,
    signature: &WasmSignature,
) -> String {
    let parameters: Vec<_> = signature
        .params
        .iter()
        .enumerate()
        .map(|(place, ty)| format!("a{place}: {}", flat(*ty)))
        .collect();
    let result = signature.results.first().map_or("void", |ty| flat(*ty));
    format!(
        "// @ts-ignore: decorator\n@external(\"{module}\", \"{name}\")\n\
         declare function {raw}({}): {result};\n\n",
        parameters.join(", ")
    )
}

/// `[method]pool.take-one` as one word.
pub(crate) fn flat_name(name: &str) -> String {
    let words: Vec<_> =
        name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}
