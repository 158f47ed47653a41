//! `[policy]`: what functions may be granted at all.

use std::collections::BTreeMap;

use ottavo_core::FunctionName;
use ottavo_document::{Reader, join};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::check_grants;
use super::grants::granting;
use crate::{Drivers, Settings};

granting! {
    /// What functions may be granted at all: a deploy that asks for more is refused. With the table,
    /// what it does not name is not granted to anybody.
    Policy {
        /// Whatever they ask for, but for functions with a table of their own. Default `false`.
        #[serde(default)]
        everything: bool,
        /// `[policy.function.NAME]`: for one function, in place of the rest of `[policy]`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        function: BTreeMap<String, FunctionPolicy>,
    }
}

granting! {
    /// What one function may be granted.
    FunctionPolicy {
        /// Whatever it asks for. Default `false`.
        #[serde(default)]
        everything: bool,
    }
}

/// Reports what is wrong in `[policy]` beyond its shape.
pub(crate) fn check(reader: &Reader<'_>, settings: &Settings, drivers: &dyn Drivers) {
    let Some(policy) = &settings.policy else { return };
    check_grants(reader, "policy", &policy.grants(), &settings.stores, drivers);
    for (name, own) in &policy.function {
        let path = join("policy.function", name);
        if let Err(error) = name.parse::<FunctionName>() {
            let place = reader.place_within(&path).unwrap_or_default();
            reader.report(place, path.clone(), format!("is wrong: {error}"));
        }
        check_grants(reader, &path, &own.grants(), &settings.stores, drivers);
    }
}
