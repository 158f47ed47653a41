//! HTTP to the outside: apps by their ids, and the egress of functions.
//!
//! Both are one [`Client`], which is the only place where a name is looked up, an address checked, a
//! connection made. Deliberately absent: redirects, cookies, proxies, retries of what may have
//! arrived, and any way around a certificate.

mod binding;
mod client;
mod egress;
mod invoke;
mod options;

use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::binding::Binding;
use ottavo_blocks::invoke::Invoke;
use ottavo_core::{Result, schema};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

use binding::HttpBinding;
pub use client::{Client, Config, Protocol};
use invoke::{Apps, HttpInvoke};
use options::{BindingOptions, HttpOptions};

/// The driver `http`.
pub struct Http;

#[async_trait]
impl Driver<dyn Invoke> for Http {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<HttpOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        let options: HttpOptions = ottavo_registry::options(table.clone())?;
        Apps::parse(&options.apps)?;
        Client::new(&options.client(), &ottavo_core::Shutdown::new()).map(drop)
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Invoke>> {
        let options: HttpOptions = ottavo_registry::options(table)?;
        let apps = Apps::parse(&options.apps)?;
        let client = Client::new(&options.client(), &context.shutdown)?;
        Ok(Arc::new(HttpInvoke::new(client, apps)))
    }
}

#[async_trait]
impl Driver<dyn Binding> for Http {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<BindingOptions>()
    }

    fn check(&self, table: &Value) -> Result<()> {
        let options = ottavo_registry::options(table.clone())?;
        HttpBinding::of(&options, &ottavo_core::Shutdown::new()).map(drop)
    }

    async fn open(&self, context: OpenContext, table: Value) -> Result<Arc<dyn Binding>> {
        let options = ottavo_registry::options(table)?;
        Ok(Arc::new(HttpBinding::of(&options, &context.shutdown)?))
    }
}

impl HttpOptions {
    fn client(&self) -> Config {
        Config {
            protocol: self.protocol,
            ca: self.ca.clone(),
            connect_timeout: self.connect_timeout,
            idle_timeout: self.idle_timeout,
            max_idle: self.max_idle,
        }
    }
}

/// The word in `driver = "..."`.
const NAME: &str = "http";
