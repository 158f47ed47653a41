//! Times of a calendar as an input binding.
//!
//! Invariants: each listener is told of every time that comes while it waits for one, and of each
//! once; a clock that is set back repeats none. Deliberately absent: any account of times that passed
//! while nobody waited.

mod binding;
mod options;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::binding::Binding;
use ottavo_core::{Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use binding::CronBinding;
use options::CronOptions;

/// The driver `cron`.
pub struct Cron;

#[async_trait]
impl Driver<dyn Binding> for Cron {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<CronOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        ottavo_registry::options::<CronOptions>(table.clone())?.check()
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Binding>> {
        let options: CronOptions = ottavo_registry::options(table)?;
        options.check()?;
        Ok(Arc::new(CronBinding::new(options, context.clock, context.shutdown)))
    }
}

/// The word in `driver = "..."`.
const NAME: &str = "cron";
