//! Secrets that stand in the store's table.

use async_trait::async_trait;
use ottavo_blocks::secret::{Bundle, Capability, Key, Leaves, Secrets, no_version};
use ottavo_core::{CallContext, Result};

use crate::options::SecretOptions;

/// One store.
pub(crate) struct MemorySecrets(Leaves);

impl MemorySecrets {
    /// # Errors
    /// `invalid-argument` for a name that no caller could say.
    pub(crate) fn of(options: SecretOptions) -> Result<MemorySecrets> {
        let mut leaves = Leaves::default();
        for (name, value) in options.values {
            leaves.insert(&name, value.expose().clone())?;
        }
        Ok(MemorySecrets(leaves))
    }
}

#[async_trait]
impl Secrets for MemorySecrets {
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
