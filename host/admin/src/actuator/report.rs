//! Answers about health and stores, in the form that Layotto gave them.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use ottavo_core::Kind;
use ottavo_core::clock::UnixMillis;
use ottavo_registry::StoreInfo;
use serde::Serialize;
use serde_json::{Value, json};

/// An answer about health.
#[derive(Serialize)]
pub(super) struct Report {
    status: Status,
    components: BTreeMap<String, Component>,
}

/// One thing that may be up or down.
#[derive(Serialize)]
pub(super) struct Component {
    status: Status,
    details: BTreeMap<&'static str, Value>,
}

/// From best to worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    Up,
    Init,
    Down,
}

impl Report {
    /// As bad as the worst of its components.
    pub(super) fn of(components: impl IntoIterator<Item = (String, Component)>) -> Report {
        let components: BTreeMap<_, _> = components.into_iter().collect();
        let status = components.values().map(|component| component.status).max();
        Report { status: status.unwrap_or(Status::Up), components }
    }

    /// The host can answer, which is all that is asked.
    pub(super) fn alive() -> Report {
        Report::of([])
    }

    pub(super) fn is_up(&self) -> bool {
        self.status == Status::Up
    }
}

impl Component {
    pub(super) fn new(status: Status) -> Component {
        Component { status, details: BTreeMap::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Component {
        self.details.insert(name, value.into());
        self
    }

    pub(super) fn with_error(self, kind: Kind, message: &str) -> Component {
        self.with("error", json!({ "kind": kind.name(), "message": message }))
    }
}

/// A moment as RFC 3339 writes it, in UTC.
pub(super) fn date(millis: UnixMillis) -> String {
    let moment = UNIX_EPOCH.checked_add(Duration::from_millis(millis)).unwrap_or(UNIX_EPOCH);
    humantime::format_rfc3339_millis(moment).to_string()
}

/// A store as `info` lists it.
#[derive(Serialize)]
pub(super) struct Store {
    block: &'static str,
    name: String,
    driver: &'static str,
}

impl Store {
    pub(super) fn of(info: &StoreInfo) -> Store {
        Store { block: info.block, name: info.name.to_string(), driver: info.driver }
    }
}
