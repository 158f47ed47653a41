//! Functions that the host calls: `entry.ts`, around what the user wrote.

use wit_bindgen_core::abi::{self, AbiVariant, LiftLower};
use wit_bindgen_core::wit_parser::{Function, FunctionKind, Type, TypeDefKind};

use crate::arms::flat;
use crate::body::{Body, Callee, Written};
use crate::file::{File, identifier};
use crate::home::Home;
use crate::imports::{direct_return, flat_name};
use crate::names::{self, Scope};

/// An export as the compiler knows it, and the name that the host looks for.
pub(crate) type Renamed = (String, String);

impl File<'_> {
    /// Writes the function, and what frees its result; `implementation` is the user's name for it,
    /// if it is no resource's.
    pub(crate) fn export_function(
        &mut self,
        home: Home,
        function: &Function,
        implementation: &str,
    ) -> Vec<Renamed> {
        let resolve = self.resolve;
        let place = self.shared.places[&home].clone();
        let canonical = place.export(&function.name);
        let module = identifier(&place.module);
        let name = format!("{module}_{}", names::member(&flat_name(&function.name)));
        let name = self.scope.fresh(&name);
        let signature = resolve.wasm_signature(AbiVariant::GuestExport, function);
        let written = self.written(function, implementation);

        let parameters: Vec<_> =
            (0..signature.params.len()).map(|place| format!("a{place}")).collect();
        let mut scope = Scope::default();
        for known in parameters.iter().map(String::as_str).chain(["abi", implementation]) {
            scope.fresh(known);
        }
        let declared: Vec<_> = parameters
            .iter()
            .zip(&signature.params)
            .map(|(name, ty)| format!("{name}: {}", flat(*ty)))
            .collect();
        let needs_post_return = abi::guest_export_needs_post_return(resolve, function);
        let result = function.result.as_ref().filter(|_| needs_post_return).map(|ty| self.ty(ty));
        let (kept, area) = (format!("_{name}Result"), format!("_{name}Area"));
        let callee = Callee::Export {
            callee: written,
            result: needs_post_return.then(|| kept.clone()),
            area: area.clone(),
        };
        let mut body = Body::new(self, callee, parameters, scope);
        abi::call(
            resolve,
            AbiVariant::GuestExport,
            LiftLower::LiftArgsLowerResults,
            function,
            &mut body,
            false,
        );
        let (text, size) = (body.block.text, body.area);

        let mut zero = String::new();
        if let Some(ty) = result {
            zero = self.zero(&ty);
            self.text.push_str(&format!(
                "/** What the host reads lies in this value: it lives until post-return. */\n\
                 let {kept}: {ty} = {zero};\n"
            ));
        }
        if let Some((size, align)) = size {
            self.text.push_str(&format!("const {area}: usize = memory.data({size}, {align});\n"));
        }
        if needs_post_return || size.is_some() {
            self.text.push('\n');
        }
        let text = direct_return(&text);
        let returned = signature.results.first().map_or("void", |ty| flat(*ty));
        self.text.push_str(&format!(
            "/** `{canonical}` */\nexport function {name}({}): {returned} {{\n{text}}}\n\n",
            declared.join(", ")
        ));
        let mut renamed = vec![(name.clone(), canonical.clone())];
        if needs_post_return {
            self.text.push_str(&format!(
                "/** After the host has read the result of `{}`. */\n\
                 export function {name}_post(_: usize): void {{\nabi.resetAll();\n{kept} = {zero};\n}}\n\n",
                function.name
            ));
            renamed.push((format!("{name}_post"), format!("cabi_post_{canonical}")));
        }
        renamed
    }

    /// What the function calls.
    fn written(&mut self, function: &Function, implementation: &str) -> Written {
        let Some(resource) = function.kind.resource() else {
            return Written::Function(implementation.to_owned());
        };
        let class = self.named(resource);
        let item = self.shared.members[&(resource, function.name.clone())].clone();
        match function.kind {
            FunctionKind::Constructor(_) if self.may_fail(function) => {
                Written::Function(format!("{class}.{item}"))
            }
            FunctionKind::Constructor(_) => Written::Constructor(class),
            FunctionKind::Method(_) => Written::Method(item),
            _ => Written::Function(format!("{class}.{item}")),
        }
    }

    /// Whether a constructor gives a result in place of the object: that is no `new`.
    fn may_fail(&self, constructor: &Function) -> bool {
        let kind = |id| &self.resolve.types[wit_bindgen_core::dealias(self.resolve, id)].kind;
        match constructor.result {
            Some(Type::Id(id)) => matches!(kind(id), TypeDefKind::Result(_)),
            _ => false,
        }
    }
}
