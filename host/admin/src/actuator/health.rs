//! What the host says of itself, and of its stores.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};
use ottavo_registry::StoreInfo;

use super::report::{Component, Report, Status, Store};

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

/// The host's health: the app and the probe set it, the actuator reads it. Cheap to clone.
#[derive(Clone)]
pub struct Health(Arc<Mutex<Inner>>);

struct Inner {
    state: State,
    stores: Vec<Known>,
    /// Asked with each answer.
    others: Vec<Arc<dyn Fn() -> Vec<Trouble> + Send + Sync>>,
}

/// Something beside the stores that is not as it should be.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// As a component's name: `function.orders`.
    pub name: String,
    /// What calls get.
    pub kind: Kind,
    /// For whoever may see health.
    pub message: String,
}

/// A store, and what the probe last heard of it.
struct Known {
    info: StoreInfo,
    /// None before the first probe.
    told: Option<Told>,
}

struct Told {
    since: UnixMillis,
    /// Its kind and its public message, while it is down.
    error: Option<(Kind, String)>,
}

/// A store that is not as it was before.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It was down since then.
    Up(UnixMillis),
    /// It was up, or unknown.
    Down,
}

impl Default for Health {
    fn default() -> Health {
        Health(Arc::new(Mutex::new(Inner {
            state: State::Starting,
            stores: Vec::new(),
            others: Vec::new(),
        })))
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
        let unknown = |info| Known { info, told: None };
        self.inner().stores = stores.into_iter().map(unknown).collect();
    }

    /// Tells of these as well. `troubles` is asked with each answer and must not wait.
    pub fn also(&self, troubles: impl Fn() -> Vec<Trouble> + Send + Sync + 'static) {
        self.inner().others.push(Arc::new(troubles));
    }

    /// What the store at this place answered `now`; whether that is news.
    pub(super) fn told(&self, place: usize, now: UnixMillis, health: &Result<()>) -> Option<Turn> {
        let mut inner = self.inner();
        let store = inner.stores.get_mut(place)?;
        let text = |error: &Error| (error.kind(), error.message().to_owned());
        let error = health.as_ref().err().map(text);
        let before = store.told.take();
        let (since, turn) = match before {
            Some(told) if told.error.is_some() == error.is_some() => (told.since, None),
            Some(told) if error.is_none() => (now, Some(Turn::Up(told.since))),
            _ => (now, error.is_some().then_some(Turn::Down)),
        };
        store.told = Some(Told { since, error });
        turn
    }

    pub(super) fn stores(&self) -> Vec<Store> {
        self.inner().stores.iter().map(|known| Store::of(&known.info)).collect()
    }

    /// Whether requests are welcome: a matter of the host alone. A store that is down fails the calls
    /// that need it; taking the host away as well would fail all others.
    pub(super) fn readiness(&self) -> Report {
        Report::of([("runtime_startup".to_owned(), startup(self.inner().state))])
    }

    /// The host and its stores, and what else is not as it should be.
    pub(super) fn whole(&self) -> Report {
        let others = self.inner().others.clone();
        let others: Vec<_> = others.iter().flat_map(|ask| ask()).collect();
        let others = others.into_iter().map(|Trouble { name, kind, message }| {
            (name, Component::new(Status::Down).with_error(kind, &message))
        });
        let inner = self.inner();
        let startup = ("runtime_startup".to_owned(), startup(inner.state));
        let stores = inner.stores.iter().map(|known| {
            let StoreInfo { block, name, .. } = &known.info;
            (format!("{block}.{name}"), component(known))
        });
        Report::of(stores.chain([startup]).chain(others))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn startup(state: State) -> Component {
    match state {
        State::Starting => Component::new(Status::Init).with("reason", "starting"),
        State::Up => Component::new(Status::Up),
        State::Stopping => Component::new(Status::Down).with("reason", "shutdown"),
    }
}

fn component(known: &Known) -> Component {
    let status = match &known.told {
        None => Status::Init,
        Some(Told { error: None, .. }) => Status::Up,
        Some(Told { error: Some(_), .. }) => Status::Down,
    };
    let mut component = Component::new(status).with("driver", known.info.driver);
    if let Some(Told { since, error }) = &known.told {
        component = component.with("since", super::report::date(*since));
        if let Some((kind, message)) = error {
            component = component.with_error(*kind, message);
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn json_of(report: &Report) -> Value {
        serde_json::to_value(report).expect("JSON")
    }

    fn with_store() -> Health {
        let health = Health::new();
        let name = "default".parse().expect("a name");
        health.set_stores(vec![StoreInfo {
            block: "state",
            name,
            driver: "redis",
            required: false,
        }]);
        health
    }

    #[test]
    fn readiness_follows_the_host_alone() {
        let health = with_store();
        let report = |status: &str, details: Value| {
            json!({ "status": status, "components": {
                "runtime_startup": { "status": status, "details": details },
            }})
        };
        let starting = report("INIT", json!({ "reason": "starting" }));
        assert_eq!(json_of(&health.readiness()), starting);
        health.set(State::Up);
        health.told(0, 7, &Err(Error::new(Kind::Unavailable, "away")));
        assert_eq!(json_of(&health.readiness()), report("UP", json!({})));
        assert!(health.readiness().is_up() && !health.whole().is_up());
        health.set(State::Stopping);
        assert_eq!(json_of(&health.readiness()), report("DOWN", json!({ "reason": "shutdown" })));
    }

    #[test]
    fn a_store_is_told_with_the_time_of_its_last_turn() {
        let health = with_store();
        health.set(State::Up);
        let store =
            |health: &Health| json_of(&health.whole())["components"]["state.default"].clone();
        let init = json!({ "status": "INIT", "details": { "driver": "redis" } });
        assert_eq!(store(&health), init);
        assert_eq!(json_of(&health.whole())["status"], "INIT");

        assert_eq!(health.told(0, 1_000, &Ok(())), None);
        let up = json!({ "status": "UP", "details": {
            "driver": "redis", "since": "1970-01-01T00:00:01.000Z",
        }});
        assert_eq!(store(&health), up);
        assert!(health.whole().is_up());

        let away =
            Err(Error::new(Kind::Unavailable, "redis cannot be reached").with_source("10.0.0.1"));
        assert_eq!(health.told(0, 2_000, &away), Some(Turn::Down));
        assert_eq!(health.told(0, 3_000, &away), None);
        let down = json!({ "status": "DOWN", "details": {
            "driver": "redis", "since": "1970-01-01T00:00:02.000Z",
            "error": { "kind": "unavailable", "message": "redis cannot be reached" },
        }});
        assert_eq!(store(&health), down);
        assert_eq!(json_of(&health.whole())["status"], "DOWN");

        assert_eq!(health.told(0, 4_000, &Ok(())), Some(Turn::Up(2_000)));
        assert_eq!(store(&health)["details"]["since"], "1970-01-01T00:00:04.000Z");
    }
}
