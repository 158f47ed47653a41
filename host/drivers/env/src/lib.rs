//! Secrets from the environment that the host was started with.
//!
//! Invariants: this crate reads no environment, it is handed one; what is there does not change while
//! the host runs. A name and a variable belong to each other, so that a grant for names says which
//! variables can be read. Deliberately absent: any variable without the store's prefix.

mod options;
mod secret;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::secret::Secrets;
use ottavo_core::{Result, Secret, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use options::EnvOptions;
use secret::EnvSecrets;

/// The driver `env`.
pub struct Env(Secret<BTreeMap<String, String>>);

impl Env {
    /// On these variables.
    pub fn new(variables: BTreeMap<String, String>) -> Env {
        Env(Secret::new(variables))
    }
}

#[async_trait]
impl Driver<dyn Secrets> for Env {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<EnvOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        ottavo_registry::options::<EnvOptions>(table.clone())?.check()
    }

    async fn open(&self, _: OpenContext, table: Value) -> Result<Arc<dyn Secrets>> {
        let options: EnvOptions = ottavo_registry::options(table)?;
        options.check()?;
        Ok(Arc::new(EnvSecrets::of(self.0.expose(), &options.prefix)?))
    }
}

/// The word in `driver = "..."`.
const NAME: &str = "env";
