//! Whatever was uploaded becomes a component, or an answer that says what to do.

use std::borrow::Cow;

use ottavo_core::{Error, Result};
use wasmparser::{ComponentExternalKind, Parser, Payload, Validator};

use crate::encode::encode;
use crate::features;
use crate::sniff::{Binary, sniff};

/// Makes a component of the bytes.
///
/// # Behavior
///
/// - a component is validated and passes as it is
/// - a core module that embeds the world it was built for (the custom section `component-type`,
///   as bindings generators write it), or exports the functions of a world of ours under their
///   canonical names, is encoded as a component of that world; when it imports
///   `wasi_snapshot_preview1`, an adapter is added (`preview1.rs`)
///
/// # Errors
///
/// `invalid-argument` for everything else, with what the bytes look like, each name that is wrong,
/// and the next step.
pub fn component(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    let binary = sniff(bytes)?;
    let mut validator = Validator::new_with_features(features::ACCEPTED);
    validator.validate_all(bytes).map_err(|e| features::refused(&e))?;
    match binary {
        Binary::Module => encode(bytes).map(Cow::Owned),
        Binary::Component if only_types(bytes) => Err(Error::invalid(
            "this is a WIT package: interface definitions without a program; upload the component \
             that was built against it",
        )),
        Binary::Component => Ok(Cow::Borrowed(bytes)),
    }
}

/// Whether a component holds nothing that could run.
fn only_types(bytes: &[u8]) -> bool {
    let mut exports = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(
                Payload::ModuleSection { .. }
                | Payload::ComponentSection { .. }
                | Payload::ComponentInstanceSection(_)
                | Payload::ComponentImportSection(_)
                | Payload::ComponentCanonicalSection(_),
            )
            | Err(_) => return false,
            Ok(Payload::ComponentExportSection(section)) => {
                for export in section {
                    match export {
                        Ok(export) if export.kind == ComponentExternalKind::Type => exports += 1,
                        _ => return false,
                    }
                }
            }
            Ok(_) => {}
        }
    }
    exports > 0
}
