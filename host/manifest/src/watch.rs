//! `[[watch]]`: the configuration whose changes a function receives.

use ottavo_core::{Error, Result, StoreName};
use serde::{Deserialize, Serialize};

use crate::{Backoff, deliveries};

/// One `[[watch]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The store of configuration.
    pub config: StoreName,
    /// Whose items. Default `default`, as of the two that follow.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub app_id: String,
    /// Which group of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Which variant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The keys; `prefix*` is each that begins with `prefix`. None: every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// After so many deliveries without success a change is given up. Default 10.
    #[serde(default = "deliveries::default", skip_serializing_if = "deliveries::is_default")]
    pub max_deliveries: u32,
    /// How long it waits before it is delivered again.
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
}

impl Watch {
    /// # Errors
    /// `invalid-argument` with the path of what is wrong.
    pub(crate) fn check(&self) -> Result<()> {
        for (path, word) in
            [("app_id", &self.app_id), ("group", &self.group), ("label", &self.label)]
        {
            let reserved = word.contains("||") || word.starts_with('|') || word.ends_with('|');
            if word.len() > MAX_WORD || word.contains('\0') || reserved {
                let word: String = word.chars().take(100).collect();
                return Err(Error::invalid(format!(
                    "`watch.{path}` is `{}`: use up to {MAX_WORD} bytes without NUL, without `||` and without `|` at an end",
                    word.escape_debug()
                )));
            }
        }
        for key in &self.keys {
            if key.is_empty() || key.len() > MAX_KEY || key.contains('\0') || key.contains("||") {
                let key: String = key.chars().take(100).collect();
                return Err(Error::invalid(format!(
                    "`watch.keys` has `{}`: use 1 to {MAX_KEY} bytes without NUL and without `||`",
                    key.escape_debug()
                )));
            }
        }
        if self.keys.len() > MAX_KEYS {
            let found = self.keys.len();
            return Err(Error::invalid(format!(
                "`watch.keys` has {found} keys: use up to {MAX_KEYS}, or `prefix*`"
            )));
        }
        if self.max_deliveries == 0 {
            return Err(Error::invalid("`watch.max_deliveries` is zero: use 1 or more"));
        }
        self.backoff.check("watch")
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

/// The longest word of a scope and the longest key, in bytes, and the most keys: as stores have them.
const MAX_WORD: usize = 80;
const MAX_KEY: usize = 4096;
const MAX_KEYS: usize = 1000;
