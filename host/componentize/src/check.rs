//! Whether this host can run a component, as one error.

use ottavo_core::{Error, Result};

use crate::explain::{ImportStatus, Status, explain, version_of};
use crate::inspect::{Export, Inspection};
use crate::interface::InterfaceName;
use crate::listing::{lines, quoted, short};
use crate::provided::{self, Provided};

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
    match &import.status {
        Status::Provided | Status::Missing => format!("`{name}`: {hint}"),
        Status::WrongVersion { provided } => {
            format!("`{name}`: this host has version {provided}; {hint}")
        }
        Status::UnknownFunction { functions } => {
            format!("`{name}`: no function {}; {hint}", quoted(functions))
        }
        Status::WrongType { mismatches } => {
            let each: Vec<String> = mismatches
                .iter()
                .take(8)
                .map(|m| format!("`{}` ({})", m.function, m.difference))
                .collect();
            format!("`{name}`: other types in {}; {hint}", each.join(", "))
        }
    }
}

fn accepted() -> Vec<&'static str> {
    Provided::get().exports().iter().map(|interface| interface.name.as_str()).collect()
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
    let mismatch = export.mismatches.first()?;
    Some(format!(
        "`{}`: function `{}`: {}; build with the SDK's own WIT",
        short(&export.interface),
        mismatch.function,
        mismatch.difference
    ))
}

/// An export that was meant for this, or for another host.
fn other_line(export: &Export) -> Option<String> {
    let name = InterfaceName::parse(&export.interface)?;
    let shown = short(&export.interface);
    if let Some(ours) = provided::named(Provided::get().exports(), &name) {
        let version = version_of(&ours.name);
        return Some(format!(
            "`{shown}`: this host calls version {version}; build with an SDK for that version"
        ));
    }
    match (name.package, name.interface) {
        ("wasi:http", _) => Some(format!(
            "`{shown}`: requests come through `ottavo:runtime/http-handler`; build with an SDK"
        )),
        ("wasi:cli", "run") => Some(format!(
            "`{shown}`: this is a command with a `main`; build a library (Rust: `crate-type = \
             [\"cdylib\"]`) that uses the SDK"
        )),
        _ => None,
    }
}
