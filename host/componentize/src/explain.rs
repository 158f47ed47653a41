//! Each import of a component, compared with what this host provides.

use crate::foreign;
use crate::inspect::{Import, Inspection, Sort};
use crate::interface::InterfaceName;
use crate::listing::{quoted, short};
use crate::provided::{self, Interface, Provided};
use crate::signature::Mismatch;
use crate::wasi;

/// What becomes of one import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportStatus {
    /// `ottavo:runtime/state@0.1.0`
    pub interface: String,
    /// Whether the host provides it.
    pub status: Status,
    /// What to do; empty when it is provided.
    pub hint: String,
}

/// Whether the host provides an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Provided,
    /// It knows no such interface.
    Missing,
    /// It has the interface in a version that does not fit.
    WrongVersion {
        /// The version it has.
        provided: String,
    },
    /// It has the interface, but not these functions.
    UnknownFunction {
        /// Their names.
        functions: Vec<String>,
    },
    /// It has these functions with another type.
    WrongType {
        /// Where they differ.
        mismatches: Vec<Mismatch>,
    },
}

/// Says for each import whether it can be provided, and if not, what to do.
pub fn explain(inspection: &Inspection) -> Vec<ImportStatus> {
    inspection.imports.iter().map(status).collect()
}

fn status(import: &Import) -> ImportStatus {
    let (status, hint) = match InterfaceName::parse(&import.interface) {
        Some(name) if import.sort == Sort::Instance => of_interface(import, &name),
        _ => {
            let hint = "a world may import interfaces only: build with an SDK of Ottavo";
            (Status::Missing, hint.to_owned())
        }
    };
    ImportStatus { interface: import.interface.clone(), status, hint }
}

fn of_interface(import: &Import, name: &InterfaceName<'_>) -> (Status, String) {
    let ours = Provided::get().imports();
    if let Some(interface) = provided::fitting(ours, name) {
        return of_ours(import, interface);
    }
    if let Some(interface) = provided::named(ours, name) {
        let provided = version_of(&interface.name);
        let hint = format!("build with an SDK for version {provided}, or update the host");
        return (Status::WrongVersion { provided }, hint);
    }
    if wasi::provides(name) {
        return (Status::Provided, String::new());
    }
    if let Some(provided) = wasi::provided_as(name) {
        let hint =
            format!("build for WASI {provided}, for example with the Rust target `wasm32-wasip2`");
        return (Status::WrongVersion { provided }, hint);
    }
    (Status::Missing, missing(name))
}

fn of_ours(import: &Import, interface: &Interface) -> (Status, String) {
    let unknown: Vec<String> = import
        .functions
        .iter()
        .filter(|function| interface.function(function).is_none())
        .cloned()
        .collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = interface.functions.iter().map(|(name, _)| name.as_str()).collect();
        let known = if known.is_empty() { "no functions".to_owned() } else { quoted(&known) };
        let hint = format!(
            "`{}` has {known}: build with an SDK of this host's version, or update the host",
            interface.name
        );
        return (Status::UnknownFunction { functions: unknown }, hint);
    }
    if !import.mismatches.is_empty() {
        let hint = "the interface was changed: build with the SDK's own WIT".to_owned();
        return (Status::WrongType { mismatches: import.mismatches.clone() }, hint);
    }
    (Status::Provided, String::new())
}

/// What to do about an interface that is not here in any version.
fn missing(name: &InterfaceName<'_>) -> String {
    if let Some(hint) = foreign::nearest(name) {
        return hint.to_owned();
    }
    let ours = Provided::get().imports();
    if ours.iter().any(|i| i.parsed().package == name.package) {
        let names: Vec<&str> = ours.iter().map(|i| i.name.as_str()).collect();
        return format!(
            "this host provides {}: remove what needs it, or update the host",
            quoted(&names)
        );
    }
    format!(
        "remove what needs `{}`, or put a component that exports it together with yours \
         (`wac plug`)",
        short(name.package)
    )
}

/// `0.1.0` of `ottavo:runtime/state@0.1.0`.
pub(crate) fn version_of(interface: &str) -> String {
    interface.split_once('@').map_or(String::new(), |(_, version)| version.to_owned())
}
