//! Whether this host can run a component, as one error.

use ottavo_core::{Error, Result};

use crate::explain::{ImportStatus, Status, explain, version_of};
use crate::inspect::{Export, Inspection};
use crate::interface::InterfaceName;
use crate::listing::{lines, quoted, short};
use crate::provided::{self, Provided};
use crate::signature::Mismatch;
use crate::wasi;

/// The most details an error carries.
const DETAILS: usize = 32;

/// Checks that every import can be provided and that there is something to call.
///
/// # Errors
///
/// `invalid-argument` that names each import that cannot be provided with what to do, and says what
/// is accepted when no handler is exported. Each refused import is also a detail `import`.
pub fn check(inspection: &Inspection) -> Result<()> {
    let refused: Vec<ImportStatus> =
        explain(inspection).into_iter().filter(|i| i.status != Status::Provided).collect();
    let imports = refused.iter().map(import_line).collect::<Vec<_>>();
    let handlers = handler_lines(inspection);
    let mut parts = Vec::new();
    if !imports.is_empty() {
        let heading = "the component imports what this host does not provide:";
        parts.push(lines(heading, &imports));
    }
    if !handlers.is_empty() {
        let heading = format!(
            "the component exports no handler that this host can call (accepted: {}):",
            quoted(&accepted())
        );
        parts.push(lines(&heading, &handlers));
    }
    if parts.is_empty() {
        return Ok(());
    }
    let error = Error::invalid(parts.join("\n"));
    Err(refused
        .iter()
        .take(DETAILS)
        .fold(error, |error, import| error.with_detail("import", short(&import.interface))))
}

fn import_line(import: &ImportStatus) -> String {
    let name = short(&import.interface);
    let hint = &import.hint;
    match detail(&import.status) {
        detail if detail.is_empty() => format!("`{name}`: {hint}"),
        detail => format!("`{name}`: {detail}; {hint}"),
    }
}

/// What exactly is wrong; empty when there is nothing to add.
pub(crate) fn detail(status: &Status) -> String {
    match status {
        Status::Provided | Status::Missing => String::new(),
        Status::WrongVersion { provided } => format!("this host has version {provided}"),
        Status::UnknownFunction { functions } => format!("no function {}", quoted(functions)),
        Status::WrongType { mismatches } => {
            let each: Vec<String> = mismatches
                .iter()
                .take(8)
                .map(|m| format!("`{}` ({})", m.function, m.difference))
                .collect();
            format!("other types in {}", each.join(", "))
        }
    }
}

fn accepted() -> Vec<String> {
    let ours = Provided::get().exports().iter().map(|interface| interface.name.clone());
    ours.chain(wasi::handlers()).collect()
}

/// Why nothing can be called; empty when something can, and nothing is broken beside it.
fn handler_lines(inspection: &Inspection) -> Vec<String> {
    let broken: Vec<String> = inspection.exports.iter().filter_map(broken_line).collect();
    if !broken.is_empty() || !inspection.handlers.is_empty() {
        return broken;
    }
    let known: Vec<String> = inspection.exports.iter().filter_map(other_line).collect();
    if !known.is_empty() {
        return known;
    }
    let exports: Vec<&str> = inspection.exports.iter().map(|e| e.interface.as_str()).collect();
    let found = if exports.is_empty() { "nothing".to_owned() } else { quoted(&exports) };
    vec![format!("it exports {found}; export a handler, as `ottavo build` does with an SDK")]
}

/// A handler of ours that does not have our types.
fn broken_line(export: &Export) -> Option<String> {
    Some(format!("`{}`: {}", short(&export.interface), broken(export)?))
}

/// Why a handler of ours cannot be called, and what to do.
pub(crate) fn broken(export: &Export) -> Option<String> {
    let Mismatch { function, difference } = export.mismatches.first()?;
    Some(format!("function `{function}`: {difference}; build with the SDK's own WIT"))
}

/// An export that was meant for this, or for another host.
fn other_line(export: &Export) -> Option<String> {
    Some(format!("`{}`: {}", short(&export.interface), other(export)?))
}

/// What to do about an export of that kind.
pub(crate) fn other(export: &Export) -> Option<String> {
    let name = InterfaceName::parse(&export.interface)?;
    if let Some(ours) = provided::named(Provided::get().exports(), &name) {
        let version = version_of(&ours.name);
        return Some(format!(
            "this host calls version {version}; build with an SDK for that version"
        ));
    }
    if let Some(versions) = wasi::called_as(&name) {
        return Some(format!("this host calls version {versions}; build for that"));
    }
    let why = match (name.package, name.interface) {
        ("wasi:http", _) => {
            "this host calls `wasi:http/incoming-handler` of WASI 0.2 and `wasi:http/handler` of 0.3; \
             build for one of those, or with an SDK"
        }
        ("wasi:cli", "run") => {
            "this is a command with a `main`; build a library (Rust: `crate-type = [\"cdylib\"]`) \
             that uses the SDK"
        }
        _ => return None,
    };
    Some(why.to_owned())
}
