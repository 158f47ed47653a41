//! Configuration that is watched: an event for each item that there is, and then for each change.

use std::collections::{BTreeMap, BTreeSet};

use ottavo_blocks::config::{Item, Key, Scope, Update, Updates};
use ottavo_blocks::pubsub::envelope::rfc3339;
use ottavo_core::context::new_request_id;
use ottavo_core::{FunctionName, Result, StoreName};
use ottavo_imports::Event;
use ottavo_manifest::{Manifest, Watch};
use ottavo_telemetry::metrics::TriggerKind;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::attempt::Policy;
use super::listener::Source;
use crate::Functions;

/// The types of the events.
const CHANGED: &str = "dev.ottavo.config.changed";
const DELETED: &str = "dev.ottavo.config.deleted";

/// What of a word stands in a path as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// What is watched. How its events are delivered may change meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    store: StoreName,
    scope: [String; 3],
    keys: Vec<String>,
}

impl Place {
    pub(super) fn of(watch: &Watch) -> Place {
        let Watch { config, app_id, group, label, keys, .. } = watch;
        let scope = [app_id.clone(), group.clone(), label.clone()];
        Place { store: config.clone(), scope, keys: keys.clone() }
    }

    fn scope(&self) -> Result<Scope> {
        let [app_id, group, label] = &self.scope;
        Scope::parse(app_id, group, label)
    }

    /// Begins to listen, as the host: what is watched is granted with the manifest.
    ///
    /// # Errors
    /// Those of the store.
    async fn subscribe(&self, functions: &Functions, function: &FunctionName) -> Result<Updates> {
        let session = functions.as_host(function);
        let store = session.config(self.store.as_str())?;
        let keys = match self.keys.iter().any(|key| key.ends_with('*')) {
            true => Vec::new(),
            false => self.keys.iter().cloned().map(Key::parse).collect::<Result<_>>()?,
        };
        store.subscribe(self.scope()?, keys).await
    }

    fn wants(&self, key: &Key) -> bool {
        let fits = |wanted: &String| match wanted.strip_suffix('*') {
            Some(prefix) => key.as_str().starts_with(prefix),
            None => wanted == key.as_str(),
        };
        self.keys.is_empty() || self.keys.iter().any(fits)
    }
}

impl Functions {
    /// Whether what a manifest watches, and the one before did not, tells of changes: a deploy is
    /// only acknowledged when it does.
    ///
    /// # Errors
    /// Those of the store, with the table.
    pub(crate) async fn watch_new(&self, manifest: &Manifest, known: &[Watch]) -> Result<()> {
        for watch in manifest.watch.iter().filter(|watch| !known.contains(watch)) {
            let subscribed = Place::of(watch).subscribe(self, &manifest.name).await;
            drop(subscribed.map_err(|error| {
                error.context(format_args!("`watch` of the configuration `{}`", watch.config))
            })?);
        }
        Ok(())
    }
}

/// What is watched, and what is known of it.
pub(super) struct Watched {
    place: Place,
    /// As it was told last.
    known: BTreeMap<Key, Item>,
    /// Whether the next update has everything that there is.
    anew: bool,
}

impl Watched {
    pub(super) fn new(place: Place) -> Watched {
        Watched { place, known: BTreeMap::new(), anew: true }
    }

    fn event(&self, functions: &Functions, key: &Key, item: Option<&Item>) -> Event {
        let words = self.place.scope.each_ref().map(|word| match word.is_empty() {
            true => "default".to_owned(),
            false => word.clone(),
        });
        let path = words.each_ref().map(|word| utf8_percent_encode(word, PLAIN).to_string());
        let names = ["appid", "group", "label"].map(str::to_owned);
        let mut attributes: Vec<_> = names.into_iter().zip(words).collect();
        attributes.extend(item.map(|item| ("version".to_owned(), item.version.clone())));
        let (kind, content_type) = match item {
            Some(_) => (CHANGED, "text/plain; charset=utf-8"),
            None => (DELETED, "application/octet-stream"),
        };
        Event {
            id: new_request_id().to_string(),
            source: format!("/config/{}/{}", self.place.store, path.join("/")),
            type_: kind.to_owned(),
            subject: Some(key.as_str().to_owned()),
            time: Some(rfc3339(functions.clock.now())),
            content_type: content_type.to_owned(),
            trigger: Watched::KIND.as_str().to_owned(),
            origin: self.place.store.to_string(),
            topic: String::new(),
            data: item.map(|item| item.value.clone().into_bytes()).unwrap_or_default(),
            attempt: 1,
            attributes,
        }
    }
}

impl Source for Watched {
    const KIND: TriggerKind = TriggerKind::Watch;
    type Update = Update;

    async fn subscribe(
        &mut self,
        functions: &Functions,
        function: &FunctionName,
    ) -> Result<Updates> {
        self.anew = true;
        self.place.subscribe(functions, function).await
    }

    fn learn(&mut self, functions: &Functions, update: Update) -> Vec<(String, Event)> {
        let Update { mut items, mut deleted } = update;
        items.retain(|item| self.place.wants(&item.key));
        if std::mem::take(&mut self.anew) {
            // what changed while nobody told: everything else is known
            let there: BTreeSet<_> = items.iter().map(|item| &item.key).collect();
            deleted = self.known.keys().filter(|key| !there.contains(key)).cloned().collect();
        }
        let mut events = Vec::new();
        for key in deleted {
            if self.known.remove(&key).is_some() {
                events.push((key.as_str().to_owned(), self.event(functions, &key, None)));
            }
        }
        for item in items {
            if self.known.get(&item.key) == Some(&item) {
                continue;
            }
            let event = self.event(functions, &item.key, Some(&item));
            events.push((item.key.as_str().to_owned(), event));
            self.known.insert(item.key.clone(), item);
        }
        events
    }

    fn policy(&self, manifest: &Manifest) -> Option<Policy> {
        let watch = manifest.watch.iter().find(|watch| Place::of(watch) == self.place)?;
        Some(Policy {
            trigger: Watched::KIND,
            max_deliveries: watch.max_deliveries,
            backoff: watch.backoff,
        })
    }

    fn place(&self) -> String {
        let [app_id, group, label] = &self.place.scope;
        format!("watch {}:{app_id}/{group}/{label}", self.place.store).escape_debug().to_string()
    }
}
