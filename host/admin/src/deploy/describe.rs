//! One function in full.

use ottavo_control::FunctionDescription;
use ottavo_core::Result;
use ottavo_functions::{Described, Functions};

use super::api::info;

/// All that is known of a function.
///
/// # Errors
/// `not-found`; what is wrong with its artifact on disk.
pub(super) async fn function(functions: &Functions, name: &str) -> Result<FunctionDescription> {
    let described = functions.describe(name).await?;
    let Described { info: of, component, granted, problem, surface, manifest } = described;
    let function = info(of);
    Ok(FunctionDescription { function, component, granted, problem, surface, manifest })
}
