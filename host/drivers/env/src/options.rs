//! The table of an `env` store.

use ottavo_core::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which variables are secrets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnvOptions {
    /// What the variables begin with: `SHOP_` for `SHOP_DB__PASSWORD`, the secret `db/password`.
    #[schemars(extend("minLength" = 1, "examples" = ["SHOP_"]))]
    pub(crate) prefix: String,
}

impl EnvOptions {
    pub(crate) fn check(&self) -> Result<()> {
        match self.prefix.contains(['=', '\0']) {
            false if !self.prefix.is_empty() => Ok(()),
            _ => {
                let prefix = self.prefix.escape_debug();
                let message = "is how no variable begins: use letters, digits and `_`";
                Err(Error::invalid(format!("`prefix` is `{prefix}`, which {message}")))
            }
        }
    }
}
