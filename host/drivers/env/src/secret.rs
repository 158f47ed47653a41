//! Variables as secrets: `SHOP_DB__PASSWORD` is `db/password` in a store with the prefix `SHOP_`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use ottavo_blocks::secret::{Bundle, Capability, Key, Leaves, Secrets, no_version};
use ottavo_core::{CallContext, Error, Result};

/// One store.
pub(crate) struct EnvSecrets(Leaves);

impl EnvSecrets {
    /// The variables that begin with `prefix`. An empty one counts as not set.
    ///
    /// # Errors
    /// `invalid-argument` for two variables that would be one secret, as `SHOP_A` and `SHOP_a`.
    pub(crate) fn of(variables: &BTreeMap<String, String>, prefix: &str) -> Result<EnvSecrets> {
        let mut leaves = Leaves::default();
        for (variable, value) in variables.range(prefix.to_owned()..) {
            let Some(rest) = variable.strip_prefix(prefix) else { break };
            if rest.is_empty() || value.is_empty() {
                continue;
            }
            let added = leaves.insert(&name(rest), value.clone());
            added.map_err(|error: Error| {
                error.context(format!("environment variable `{}`", variable.escape_debug()))
            })?;
        }
        Ok(EnvSecrets(leaves))
    }
}

/// The name that the rest of a variable stands for.
fn name(rest: &str) -> String {
    rest.to_lowercase().replace("__", "/")
}

#[async_trait]
impl Secrets for EnvSecrets {
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }

    async fn get(
        &self,
        _: &CallContext,
        name: &Key,
        version: Option<&str>,
    ) -> Result<Option<Bundle>> {
        no_version(version)?;
        Ok(self.0.get(name.as_str()))
    }

    async fn get_bulk(&self, _: &CallContext) -> Result<Vec<(Key, Bundle)>> {
        Ok(self.0.all())
    }
}
