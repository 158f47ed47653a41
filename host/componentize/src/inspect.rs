//! What a component asks for and what it offers.

use ottavo_core::surface::Symbols;
use ottavo_core::{Error, Result};
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ComponentItem};
use wasmparser::types::TypesRef;
use wasmparser::{Parser, Payload, ValidPayload, Validator};

use crate::features;
use crate::interface::InterfaceName;
use crate::producers::Producers;
use crate::provided::{self, Interface, Provided};
use crate::signature::{Mismatch, Side, difference};
use crate::sniff::{Binary, sniff};
use crate::symbols::SymbolSections;
use crate::wasi;

/// A component, read.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// In the order of the binary.
    pub imports: Vec<Import>,
    /// In the order of the binary.
    pub exports: Vec<Export>,
    /// What this host can use it as. Empty: as nothing.
    pub handlers: Vec<Handler>,
    /// Best effort, from what the tools wrote into it.
    pub language: Option<String>,
    /// What backtraces can name.
    pub symbols: Symbols,
    /// Bytes.
    pub size: usize,
}

impl Inspection {
    /// Whether its functions may be asynchronous, as those of WASI 0.3 are: an engine has to be made
    /// for that.
    pub fn is_concurrent(&self) -> bool {
        let imports = self.imports.iter().map(|import| &import.interface);
        let mut interfaces = imports.chain(self.exports.iter().map(|export| &export.interface));
        interfaces
            .any(|name| InterfaceName::parse(name).is_some_and(|name| wasi::is_concurrent(&name)))
    }
}

/// What a component asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// `ottavo:runtime/state@0.1.0`; a plain name when it is not an interface.
    pub interface: String,
    /// What it is.
    pub sort: Sort,
    /// The functions it uses of the interface.
    pub functions: Vec<String>,
    /// Functions whose type differs from the one this host provides.
    pub mismatches: Vec<Mismatch>,
}

/// What a component offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// `ottavo:runtime/http-handler@0.1.0`; a plain name when it is not an interface.
    pub interface: String,
    /// What it is.
    pub sort: Sort,
    /// The functions of the interface.
    pub functions: Vec<String>,
    /// Functions that this host would call and whose type differs, or that are missing.
    pub mismatches: Vec<Mismatch>,
}

/// The sort of an import or export. Interfaces are instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// An interface.
    Instance,
    /// A function by itself.
    Function,
    /// A type by itself; as an import it stands for a resource.
    Type,
    /// A core module, a component or a value.
    Other,
}

/// What this host calls a function for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// HTTP requests and service invocations: `ottavo:runtime/http-handler`, or `wasi:http`'s.
    Http,
    /// Events of subscriptions and schedules: `ottavo:runtime/event-handler`.
    Event,
}

impl Handler {
    /// The handler that an interface of our package is.
    pub(crate) fn of(name: &InterfaceName<'_>) -> Option<Handler> {
        match name.interface {
            "http-handler" => Some(Handler::Http),
            "event-handler" => Some(Handler::Event),
            _ => None,
        }
    }
}

/// Reads a component. Its code is not looked at: [`crate::component`] validates that.
///
/// # Errors
///
/// `invalid-argument` when the bytes are not a component.
pub fn inspect(component: &[u8]) -> Result<Inspection> {
    if sniff(component)? == Binary::Module {
        return Err(Error::invalid(
            "this is a core module, not yet a component; make it one first",
        ));
    }
    read(component).map_err(|e| features::refused(&e))
}

fn read(component: &[u8]) -> Result<Inspection, wasmparser::Error> {
    let mut validator = Validator::new_with_features(features::ACCEPTED);
    let mut parser = Parser::new(0);
    parser.set_features(features::ACCEPTED);
    // Sizes of the core modules and components that are open.
    let mut open: Vec<usize> = Vec::new();
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let (mut producers, mut symbols) = (Producers::default(), SymbolSections::default());
    let mut types = None;
    for payload in parser.parse_all(component) {
        let payload = payload?;
        if let ValidPayload::End(end) = validator.payload(&payload)? {
            types = Some(end);
        }
        match payload {
            Payload::ModuleSection { unchecked_range: range, .. } => {
                open.push(range.len());
                symbols.module(range.len());
            }
            Payload::ComponentSection { unchecked_range: range, .. } => open.push(range.len()),
            Payload::End(_) => {
                open.pop();
            }
            Payload::CustomSection(section) => {
                if let Some(size) = open.last() {
                    producers.note(&section, *size);
                    symbols.note(section.name(), *size);
                }
            }
            Payload::ComponentImportSection(section) if open.is_empty() => {
                for import in section {
                    imports.push(import?.name.name);
                }
            }
            Payload::ComponentExportSection(section) if open.is_empty() => {
                for export in section {
                    exports.push(export?.name.name);
                }
            }
            _ => {}
        }
    }
    let types = types.expect("a binary that parsed to its end has types");
    let types = types.as_ref();
    let imports: Vec<Import> = imports
        .into_iter()
        .filter_map(|name| import(types, name, types.component_item_for_import(name)?))
        .collect();
    let exports: Vec<Export> = exports
        .into_iter()
        .filter_map(|name| Some(export(types, name, types.component_item_for_export(name)?)))
        .collect();
    Ok(Inspection {
        handlers: exports.iter().filter_map(handler).collect(),
        imports,
        exports,
        language: producers.language(),
        symbols: symbols.found(),
        size: component.len(),
    })
}

/// None for a type that only names another one: nothing has to be provided for it.
fn import(types: TypesRef<'_>, name: &str, item: &ComponentItem) -> Option<Import> {
    if let ComponentEntityType::Type { created, .. } = item.ty
        && !matches!(created, ComponentAnyTypeId::Resource(_))
    {
        return None;
    }
    let (sort, functions) = functions(types, item);
    let mismatches = match InterfaceName::parse(name)
        .and_then(|parsed| provided::fitting(Provided::get().imports(), &parsed))
    {
        Some(ours) => functions.iter().filter_map(|f| mismatch(types, f, ours)).collect(),
        None => Vec::new(),
    };
    let functions = functions.into_iter().map(|(name, _)| name).collect();
    Some(Import { interface: name.to_owned(), sort, functions, mismatches })
}

fn export(types: TypesRef<'_>, name: &str, item: &ComponentItem) -> Export {
    let (sort, functions) = functions(types, item);
    let mut mismatches = Vec::new();
    if let Some(ours) = InterfaceName::parse(name)
        .and_then(|parsed| provided::fitting(Provided::get().exports(), &parsed))
    {
        mismatches.extend(functions.iter().filter_map(|f| mismatch(types, f, ours)));
        for (wanted, _) in &ours.functions {
            if !functions.iter().any(|(name, _)| name == wanted) {
                let difference = "it is missing".to_owned();
                mismatches.push(Mismatch { function: wanted.clone(), difference });
            }
        }
    }
    let functions = functions.into_iter().map(|(name, _)| name).collect();
    Export { interface: name.to_owned(), sort, functions, mismatches }
}

type Function = (String, wasmparser::component_types::ComponentFuncTypeId);

fn functions(types: TypesRef<'_>, item: &ComponentItem) -> (Sort, Vec<Function>) {
    match item.ty {
        ComponentEntityType::Instance(id) => (Sort::Instance, provided::functions(types, id)),
        ComponentEntityType::Func(_) => (Sort::Function, Vec::new()),
        ComponentEntityType::Type { .. } => (Sort::Type, Vec::new()),
        _ => (Sort::Other, Vec::new()),
    }
}

fn mismatch(types: TypesRef<'_>, (name, ty): &Function, ours: &Interface) -> Option<Mismatch> {
    let ours = Side { types: Provided::get().types(), function: ours.function(name)? };
    let difference = difference(Side { types, function: *ty }, ours)?;
    Some(Mismatch { function: name.clone(), difference })
}

fn handler(export: &Export) -> Option<Handler> {
    let name = InterfaceName::parse(&export.interface)?;
    if wasi::is_handler(&name) {
        let usable = export.sort == Sort::Instance && wasi::calls(&name);
        return usable.then_some(Handler::Http);
    }
    let ours = provided::fitting(Provided::get().exports(), &name)?;
    let usable = export.sort == Sort::Instance && export.mismatches.is_empty();
    usable.then(|| Handler::of(&ours.parsed())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exported_interface_of_the_package_is_a_handler() {
        for interface in Provided::get().exports() {
            assert!(Handler::of(&interface.parsed()).is_some(), "{}", interface.name);
        }
    }
}
