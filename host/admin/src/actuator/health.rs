//! What the host says of itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ottavo_registry::StoreInfo;
use serde::Serialize;

/// How far the host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not everything is open yet.
    Starting,
    /// Requests are welcome.
    Up,
    /// What is under way is finished, and nothing else is begun.
    Stopping,
}

/// The host's health: the app sets it, the actuator reads it. Cheap to clone.
#[derive(Clone)]
pub struct Health(Arc<Mutex<Inner>>);

struct Inner {
    state: State,
    stores: Vec<StoreInfo>,
}

impl Default for Health {
    fn default() -> Health {
        Health(Arc::new(Mutex::new(Inner { state: State::Starting, stores: Vec::new() })))
    }
}

impl Health {
    /// A host that is starting and has no stores yet.
    pub fn new() -> Health {
        Health::default()
    }

    /// The host has come this far.
    pub fn set(&self, state: State) {
        self.inner().state = state;
    }

    /// These stores are open.
    pub fn set_stores(&self, stores: Vec<StoreInfo>) {
        self.inner().stores = stores;
    }

    pub(super) fn stores(&self) -> Vec<Store> {
        self.inner().stores.iter().map(Store::of).collect()
    }

    pub(super) fn readiness(&self) -> Report {
        let inner = self.inner();
        let status = match inner.state {
            State::Starting => Status::Init,
            State::Up => Status::Up,
            State::Stopping => Status::Down,
        };
        let startup = match inner.state {
            State::Starting => Status::Init,
            State::Up | State::Stopping => Status::Up,
        };
        let stores = inner.stores.iter().map(|info| {
            let details = BTreeMap::from([("driver", info.driver)]);
            (format!("{}.{}", info.block, info.name), Component { status: Status::Up, details })
        });
        let startup = Component { status: startup, details: BTreeMap::new() };
        let components = stores.chain([("runtime_startup".to_owned(), startup)]).collect();
        Report { status, components }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer about health.
#[derive(Serialize)]
pub(super) struct Report {
    status: Status,
    components: BTreeMap<String, Component>,
}

impl Report {
    /// The host can answer, which is all that is asked.
    pub(super) fn alive() -> Report {
        Report { status: Status::Up, components: BTreeMap::new() }
    }

    pub(super) fn is_up(&self) -> bool {
        self.status == Status::Up
    }
}

#[derive(Serialize)]
struct Component {
    status: Status,
    details: BTreeMap<&'static str, &'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Init,
    Up,
    Down,
}

/// A store as `info` lists it.
#[derive(Serialize)]
pub(super) struct Store {
    block: &'static str,
    name: String,
    driver: &'static str,
}

impl Store {
    fn of(info: &StoreInfo) -> Store {
        Store { block: info.block, name: info.name.to_string(), driver: info.driver }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn readiness_follows_the_host() {
        let health = Health::new();
        let report = |health: &Health| serde_json::to_value(health.readiness()).expect("JSON");
        let startup = |status: &str| json!({ "status": status, "details": {} });
        let starting =
            json!({ "status": "INIT", "components": { "runtime_startup": startup("INIT") } });
        assert_eq!(report(&health), starting);

        let name = "default".parse().expect("a name");
        health.set_stores(vec![StoreInfo { block: "state", name, driver: "local" }]);
        health.set(State::Up);
        let store = json!({ "status": "UP", "details": { "driver": "local" } });
        let up = json!({ "status": "UP", "components": {
            "runtime_startup": startup("UP"), "state.default": store,
        }});
        assert_eq!(report(&health), up);
        assert!(health.readiness().is_up());

        health.set(State::Stopping);
        assert_eq!(report(&health)["status"], "DOWN");
        assert!(!health.readiness().is_up());
    }
}
