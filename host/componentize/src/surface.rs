//! A component as a person wants to see it: each import and export with what becomes of it.

use ottavo_core::Surface;
use ottavo_core::surface::{Export, ExportStatus, Import, ImportStatus};

use crate::check::{broken, detail, other};
use crate::explain::{Status, explain};
use crate::inspect::Inspection;
use crate::interface::InterfaceName;
use crate::listing::short;
use crate::provided::{self, Provided};
use crate::{check, inspect, wasi};

/// The most imports, and exports, that are told. A component may have any number.
const MOST: usize = 200;

/// What an inspected component asks for and offers. `granted` has each block and whether the
/// function's manifest asks for any of it; none when there is no manifest to compare with.
pub fn surface(inspection: &Inspection, granted: Option<&[(&str, bool)]>) -> Surface {
    let imports = explain(inspection).into_iter().zip(&inspection.imports).take(MOST);
    let imports = imports.map(|(import, used)| {
        let refused = match import.status {
            // of some interfaces only types are used, which needs no grant
            Status::Provided if !used.functions.is_empty() => {
                refused_block(&import.interface, granted)
            }
            _ => None,
        };
        let (status, fix) = match (&import.status, refused) {
            (Status::Provided, Some(block)) => {
                let example = match block {
                    "egress" => "https://api.example.com",
                    "invoke" => "name",
                    _ => "default",
                };
                let fix = format!(
                    "ask for it in `function.toml`: `{block} = [\"{example}\"]` under `[needs]`"
                );
                (ImportStatus::NotGranted, fix)
            }
            (Status::Provided, None) => (ImportStatus::Provided, import.hint),
            (Status::Missing, _) => (ImportStatus::Missing, import.hint),
            (Status::WrongVersion { .. }, _) => (ImportStatus::WrongVersion, import.hint),
            (Status::UnknownFunction { .. }, _) => (ImportStatus::UnknownFunction, import.hint),
            (Status::WrongType { .. }, _) => (ImportStatus::WrongType, import.hint),
        };
        Import { interface: short(&import.interface), status, detail: detail(&import.status), fix }
    });
    let imports = imports.collect();
    Surface {
        language: inspection.language.clone(),
        symbols: inspection.symbols,
        imports,
        exports: inspection.exports.iter().take(MOST).map(export).collect(),
        runs: check(inspection).is_ok(),
    }
}

/// The block that an import is, when none of it is granted.
fn refused_block<'g>(interface: &str, granted: Option<&'g [(&str, bool)]>) -> Option<&'g str> {
    let name = InterfaceName::parse(interface)?;
    let needed = match wasi::block(&name) {
        Some(block) => block,
        None => match provided::fitting(Provided::get().imports(), &name)?.parsed().interface {
            "http-client" => "egress",
            block => block,
        },
    };
    let block = granted?.iter().find(|(block, _)| *block == needed)?;
    (!block.1).then_some(block.0)
}

fn export(export: &inspect::Export) -> Export {
    let parsed = InterfaceName::parse(&export.interface);
    let fitting = parsed.is_some_and(|name| match wasi::is_handler(&name) {
        true => wasi::calls(&name),
        false => provided::fitting(Provided::get().exports(), &name).is_some(),
    });
    let named = parsed.is_some_and(|name| {
        wasi::is_handler(&name) || provided::named(Provided::get().exports(), &name).is_some()
    });
    let (status, fix) = match (broken(export), fitting) {
        (Some(fix), _) => (ExportStatus::Unfit, fix),
        (None, true) => (ExportStatus::Called, String::new()),
        (None, false) if named => (ExportStatus::Unfit, other(export).unwrap_or_default()),
        (None, false) => (ExportStatus::NotCalled, other(export).unwrap_or_default()),
    };
    Export { interface: short(&export.interface), status, fix }
}
