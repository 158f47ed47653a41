//! `[state.NAME]` and its like: one table per named store.

use std::collections::BTreeMap;

use ottavo_core::{KeyPrefix, Secret, StoreName};
use ottavo_document::{Entry, Reader, Shape, join, quoted, type_of};
use schemars::JsonSchema;
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use crate::rules::FileRules;
use crate::{Drivers, Place, Reference, reference, schema};

/// The blocks whose stores can be configured.
pub const BLOCKS: &[&str] =
    &["binding", "config", "file", "invoke", "lock", "pubsub", "secret", "sequencer", "state"];

/// The block that other stores may take their secrets from.
const SECRET: &str = "secret";

/// The stores of every block, by the block's name.
pub type Stores = BTreeMap<String, Block>;

/// The stores of one block.
pub type Block = BTreeMap<StoreName, StoreTable>;

/// One store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreTable {
    /// The name of its driver.
    pub driver: String,
    /// `key_prefix`, resolved: what stands before its keys in the backend. Default none.
    pub key_prefix: KeyPrefix,
    /// The rest of its table, for the driver to read, with the secrets that it names.
    pub options: Secret<Value>,
    /// The secrets of the options that stand in a secret store.
    pub references: Vec<Reference>,
    /// Whether the host does not start without it. Default `false`.
    pub required: bool,
    /// Where it was written.
    pub place: Place,
}

/// What every store has, whatever its driver.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by key, each for itself; this is their schema")]
pub(crate) struct Common {
    /// The code behind the store.
    driver: Option<String>,
    /// What stands before each key in the backend: `none`, `appid`, `name`, or a text of your own.
    #[schemars(extend("examples" = ["none", "appid", "name"]))]
    key_prefix: Option<String>,
    /// Whether the host ends, rather than starts without it, when the store cannot be used. Default
    /// `false`.
    required: Option<bool>,
}

impl StoreTable {
    /// A store on `driver` with nothing else set.
    pub fn of(driver: &str) -> StoreTable {
        let options = Secret::new(Value::Object(Map::new()));
        let (driver, key_prefix) = (driver.to_owned(), KeyPrefix::default());
        let (references, place) = (Vec::new(), Place::default());
        StoreTable { driver, key_prefix, options, references, required: false, place }
    }
}

/// What a host has when no store of a block is configured: `default`, embedded and durable where there
/// is anything to keep. Nothing stands for secrets, and no binding leads anywhere.
pub(crate) fn unconfigured(block: &str) -> Block {
    if ["binding", SECRET].contains(&block) {
        return Block::new();
    }
    let name = "default".parse().expect("a valid name");
    let driver = if block == "invoke" { "http" } else { "local" };
    BTreeMap::from([(name, StoreTable::of(driver))])
}

/// Reads the tables of one block, in a host of this app id.
pub(crate) fn read(
    rules: &FileRules<'_>,
    reader: &Reader<'_>,
    block: &str,
    table: &DeTable<'_>,
    app_id: Option<&str>,
    drivers: &dyn Drivers,
) -> Block {
    let mut stores = Block::new();
    for (name, entry) in reader.entries(block, table) {
        let name = match name.parse::<StoreName>() {
            Ok(name) => Some(name),
            Err(error) => reader.refuse(&entry, format!("is wrong: {error}")),
        };
        let Some(table) = reader.table_of(&entry) else { continue };
        // what secret stores need cannot stand in one of them
        let may_refer = block != SECRET;
        let store = rules.referring(may_refer, || store(reader, block, &entry, table, drivers));
        let prefix = store.as_ref().and_then(|(store, prefix)| {
            let (name, prefix) = (name.as_ref()?, prefix.as_ref()?);
            let resolved = KeyPrefix::resolve(prefix, name, app_id);
            resolved.map_err(|error| key_prefix(reader, &entry.path, store, prefix, &error)).ok()
        });
        if let (Some(name), Some((store, _))) = (name, store) {
            stores.insert(name, StoreTable { key_prefix: prefix.unwrap_or_default(), ..store });
        }
    }
    stores
}

/// Reports each reference to a secret store that is not configured.
pub(crate) fn check_references(reader: &Reader<'_>, stores: &Stores) {
    let known = stores.get(SECRET);
    let references = stores.values().flat_map(BTreeMap::values).flat_map(|store| &store.references);
    for Reference { store, path, place, .. } in references {
        if known.is_some_and(|known| known.contains_key(store)) {
            continue;
        }
        let known: Vec<_> = known.into_iter().flat_map(BTreeMap::keys).collect();
        let known = match known.is_empty() {
            true => format!("there is none: add `[{SECRET}.{store}]`"),
            false => format!("use one of {}", quoted(known.into_iter().map(StoreName::as_str))),
        };
        let message = format!("names the secret store `{store}`, which is not configured: {known}");
        reader.report(place.clone(), path.clone(), message);
    }
}

/// One store, and its `key_prefix` as it is written.
fn store(
    reader: &Reader<'_>,
    block: &str,
    entry: &Entry<'_>,
    table: &DeTable<'_>,
    drivers: &dyn Drivers,
) -> Option<(StoreTable, Option<String>)> {
    let known = drivers.names(block);
    let Some((driver, name)) = driver(reader, entry, table, &known) else {
        // whatever the driver is, this is wrong too
        let schema = ottavo_core::schema::of::<Common>();
        reader.table((&entry.path, &entry.place), table, Shape::of(&schema), &["driver"]);
        return None;
    };
    let schema = schema::of_store(block, &name, drivers);
    let before = reader.problems();
    let mut options =
        reader.table((&entry.path, &entry.place), table, Shape::of(&schema), &["driver"]);
    let prefix = options.remove("key_prefix").and_then(|prefix| prefix.as_str().map(str::to_owned));
    let required = options.remove("required").and_then(|required| required.as_bool());
    let mut options = Value::Object(options);
    let references = reference::take(reader, &mut options, Shape::of(&schema), &entry.path);
    // what the driver says of options that did not fit, or are not there yet, would only follow from
    // that
    if reader.problems() == before
        && references.is_empty()
        && let Err(message) = drivers.check(block, &name, &options)
    {
        let option = message.split('`').nth(1).map(|key| join(&entry.path, key));
        let place = option.and_then(|option| reader.place_of(&option));
        let place = place.unwrap_or_else(|| entry.place.clone());
        reader.report(place, entry.path.clone(), format!("cannot be: {message}"));
    }
    let key_prefix = KeyPrefix::default();
    let place = driver.place.clone();
    let options = Secret::new(options);
    let required = required.unwrap_or_default();
    Some((StoreTable { driver: name, key_prefix, options, references, required, place }, prefix))
}

/// The name of a driver that exists, and where it is written; anything else is reported.
fn driver<'t>(
    reader: &Reader<'_>,
    entry: &Entry<'_>,
    table: &'t DeTable<'t>,
    known: &[String],
) -> Option<(Entry<'t>, String)> {
    let keys = reader.entries(&entry.path, table);
    let Some((_, driver)) = keys.into_iter().find(|(key, _)| *key == "driver") else {
        let known = quoted(known.iter().map(String::as_str));
        return reader.refuse(entry, format!("has no `driver`: use one of {known}"));
    };
    let DeValue::String(_) = driver.value else {
        let found = type_of(driver.value);
        return reader.refuse(&driver, format!("is {found}: write text like `local`"));
    };
    let Value::String(name) = reader.value(&driver, Shape::of(&Value::Bool(true)))? else {
        return None;
    };
    if known.contains(&name) {
        return Some((driver, name));
    }
    let (name, known) = (name.escape_debug(), known.join(", "));
    reader.refuse(&driver, format!("is `{name}`: use one of {known}"))
}

fn key_prefix(
    reader: &Reader<'_>,
    path: &str,
    store: &StoreTable,
    text: &str,
    error: &ottavo_core::Error,
) {
    let path = join(path, "key_prefix");
    let place = reader.place_of(&path).unwrap_or_else(|| store.place.clone());
    let text = text.escape_debug();
    reader.report(place, path, format!("is `{text}`, which cannot be: {error}"));
}
