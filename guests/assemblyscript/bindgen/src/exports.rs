//! Functions that the host calls: `entry.ts`, around the user's own.

use wit_bindgen_core::abi::{self, AbiVariant, LiftLower};
use wit_bindgen_core::wit_parser::{Function, InterfaceId};

use crate::arms::flat;
use crate::body::{Body, Callee};
use crate::file::File;
use crate::names::{self, Scope};

/// An export as the compiler knows it, and the name that the host looks for.
pub(crate) type Renamed = (String, String);

impl File<'_> {
    /// Writes the function, and what frees its result; `implementation` is the user's.
    pub(crate) fn export_function(
        &mut self,
        interface: InterfaceId,
        function: &Function,
        implementation: &str,
    ) -> Vec<Renamed> {
        let resolve = self.resolve;
        let canonical = resolve.id_of(interface).expect("an interface with a name");
        let canonical = format!("{canonical}#{}", function.name);
        let module = crate::file::identifier(&self.shared.modules[&interface]);
        let name = format!("{module}_{}", names::member(&function.name));
        let signature = resolve.wasm_signature(AbiVariant::GuestExport, function);

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
        let result = function.result.as_ref().map(|ty| self.ty(ty));
        let (kept, area) = (format!("_{name}Result"), format!("_{name}Area"));
        let callee = Callee::Export {
            function: implementation.to_owned(),
            result: kept.clone(),
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
        let returned = signature.results.first().map_or("void", |ty| flat(*ty));
        self.text.push_str(&format!(
            "\n/** `{canonical}` */\nexport function {name}({}): {returned} {{\n{text}}}\n\n",
            declared.join(", ")
        ));
        let mut renamed = vec![(name.clone(), canonical.clone())];
        if abi::guest_export_needs_post_return(resolve, function) {
            self.text.push_str(&format!(
                "/** After the host has read the result of `{}`. */\n\
                 export function {name}_post(_: usize): void {{\nabi.resetAll();\n{kept} = {zero};\n}}\n\n",
                function.name
            ));
            renamed.push((format!("{name}_post"), format!("cabi_post_{canonical}")));
        }
        renamed
    }
}
