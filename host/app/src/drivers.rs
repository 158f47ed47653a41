//! Every driver this host has, by block.

use std::path::PathBuf;

use ottavo_api::Grants;
use ottavo_identity::{Roster, TokenFile};
use ottavo_registry::Catalog;
use ottavo_settings::{Drivers, Env, Finding, TlsFiles};

use crate::translate;
use serde_json::{Value, json};

/// A new driver is a line in here.
pub(crate) fn catalog(env: &Env) -> Catalog {
    let mut catalog = Catalog::default();
    catalog.invoke.add(ottavo_driver_http::Http);
    catalog.binding.add(ottavo_driver_http::Http);
    catalog.binding.add(ottavo_driver_cron::Cron);
    catalog.binding.add(ottavo_driver_file_watch::FileWatch);
    catalog.binding.add(ottavo_driver_memory::Memory);
    catalog.config.add(ottavo_driver_memory::Memory);
    catalog.config.add(ottavo_driver_local::Local);
    catalog.config.add(ottavo_driver_redis::Redis);
    catalog.secret.add(ottavo_driver_memory::Memory);
    catalog.secret.add(ottavo_driver_env::Env::new(env.variables().clone()));
    catalog.secret.add(ottavo_driver_file::File);
    catalog.state.add(ottavo_driver_memory::Memory);
    catalog.state.add(ottavo_driver_local::Local);
    catalog.state.add(ottavo_driver_redis::Redis);
    catalog.lock.add(ottavo_driver_memory::Memory);
    catalog.lock.add(ottavo_driver_local::Local);
    catalog.lock.add(ottavo_driver_redis::Redis);
    catalog.sequencer.add(ottavo_driver_memory::Memory);
    catalog.sequencer.add(ottavo_driver_local::Local);
    catalog.sequencer.add(ottavo_driver_redis::Redis);
    catalog.pubsub.add(ottavo_driver_memory::Memory);
    catalog.pubsub.add(ottavo_driver_local::Local);
    catalog.pubsub.add(ottavo_driver_redis::Redis);
    catalog.file.add(ottavo_driver_memory::Memory);
    catalog.file.add(ottavo_driver_local::Local);
    catalog.file.add(ottavo_driver_opendal::Fs);
    catalog.file.add(ottavo_driver_opendal::S3);
    catalog
}

/// What the settings must know of them.
pub fn drivers() -> impl Drivers {
    // whatever the environment has, what a driver is told is of the same form
    Known(catalog(&Env::default()))
}

struct Known(Catalog);

impl Drivers for Known {
    fn names(&self, block: &str) -> Vec<String> {
        let names = self.0.drivers(block).unwrap_or_default();
        names.into_iter().map(str::to_owned).collect()
    }

    fn schema(&self, block: &str, driver: &str) -> Value {
        self.0.schema(block, driver).unwrap_or_else(|| json!({}))
    }

    fn check(&self, block: &str, driver: &str, options: &Value) -> Result<(), String> {
        self.0.check(block, driver, options).map_err(|error| error.message().to_owned())
    }

    fn grant(&self, block: &'static str, text: &str) -> Result<(), String> {
        let allowed = Grants::default().allow(block, text);
        allowed.map_err(|error| error.message().to_owned())
    }

    fn tls(&self, files: &TlsFiles) -> Result<(), String> {
        translate::tls(files).check()
    }

    fn tokens(&self, files: &[(String, PathBuf)]) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut good = Vec::new();
        for (name, path) in files {
            let finding = |message, fatal| Finding { name: name.clone(), message, fatal };
            match TokenFile::read(path) {
                Ok(file) => {
                    found.extend(file.warning(path).map(|message| finding(message, false)));
                    good.push((name.as_str().into(), path.clone()));
                }
                Err(message) => found.push(finding(message, true)),
            }
        }
        // each for itself is fine; together they may not be
        if let (Err(error), Some((name, _))) = (Roster::open(good), files.last()) {
            let message = error.message().to_owned();
            found.push(Finding { name: name.clone(), message, fatal: true });
        }
        found
    }
}
