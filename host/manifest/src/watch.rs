//! `[[watch]]`: the configuration whose changes a function receives.

use ottavo_core::StoreName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::findings::Findings;
use crate::rules::Named;
use crate::{Backoff, deliveries, rules};

/// One `[[watch]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The store of configuration.
    #[schemars(with = "String", extend("format" = "store-name", "examples" = ["default"]))]
    pub config: StoreName,
    /// Whose items. Default `default`, as of the two that follow.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(extend("format" = "scope-word"))]
    pub app_id: String,
    /// Which group of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(extend("format" = "scope-word"))]
    pub group: String,
    /// Which variant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(extend("format" = "scope-word"))]
    pub label: String,
    /// The keys; `prefix*` is each that begins with `prefix`. None: every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Named>")]
    pub keys: Vec<String>,
    /// After so many deliveries without success a change is given up. Default 10.
    #[serde(default = "deliveries::default", skip_serializing_if = "deliveries::is_default")]
    #[schemars(range(min = 1))]
    pub max_deliveries: u32,
    /// How long it waits before it is delivered again.
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
}

impl Watch {
    pub(crate) fn check(&self, path: &str, found: &mut Findings) {
        let words = [("app_id", &self.app_id), ("group", &self.group), ("label", &self.label)];
        for (name, word) in words {
            found.check(format!("{path}.{name}"), rules::scope_word(word));
        }
        for (at, key) in self.keys.iter().enumerate() {
            found.check(format!("{path}.keys[{at}]"), rules::named(key));
        }
        if self.keys.len() > MAX_KEYS {
            let message =
                format!("has {} keys: use up to {MAX_KEYS}, or `prefix*`", self.keys.len());
            found.add(format!("{path}.keys"), message);
        }
        if self.max_deliveries == 0 {
            found.add(format!("{path}.max_deliveries"), deliveries::ZERO.to_owned());
        }
        self.backoff.check(path, found);
    }

    /// Whether it tells of all that another one tells of a key, or of every key.
    pub fn covers(&self, other: &Watch, key: Option<&str>) -> bool {
        let fits = |own: &String| match (own.strip_suffix('*'), key) {
            (Some(prefix), Some(key)) => key.starts_with(prefix),
            (None, Some(key)) => own == key,
            (_, None) => own == "*",
        };
        self.place() == other.place() && (self.keys.is_empty() || self.keys.iter().any(fits))
    }

    /// The same for two tables that would tell of the same changes.
    pub(crate) fn place(&self) -> (&StoreName, [&str; 3]) {
        (&self.config, [&self.app_id, &self.group, &self.label].map(|word| or_default(word)))
    }
}

fn or_default(word: &str) -> &str {
    if word.is_empty() { DEFAULT } else { word }
}

/// What a word of the scope is that is left out.
const DEFAULT: &str = "default";

/// The most keys of one subscription, as stores have it.
const MAX_KEYS: usize = 1000;
