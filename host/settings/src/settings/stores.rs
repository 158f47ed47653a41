//! `[state.NAME]` and its like: one table per named store.

use std::collections::BTreeMap;

use ottavo_core::{KeyPrefix, StoreName};
use serde_json::{Map, Value};
use toml::de::DeValue;

use crate::section::{Entry, Section};
use crate::{Place, Problem, Problems};

/// The blocks whose stores can be configured.
pub const BLOCKS: [&str; 1] = ["state"];

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
    /// The rest of its table, for the driver to read.
    pub options: Value,
    /// Where it was written.
    pub place: Place,
}

impl StoreTable {
    /// A store on `driver` with nothing else set.
    pub fn of(driver: &str) -> StoreTable {
        let options = Value::Object(Map::new());
        let (driver, key_prefix) = (driver.to_owned(), KeyPrefix::default());
        StoreTable { driver, key_prefix, options, place: Place::default() }
    }
}

/// What a host has when no store of a block is configured: `default`, embedded and durable.
pub(crate) fn unconfigured() -> Block {
    let name = "default".parse().expect("a valid name");
    BTreeMap::from([(name, StoreTable::of("local"))])
}

/// Reads the tables of one block, in a host of this app id.
pub(crate) fn read(section: &Section<'_>, app_id: Option<&str>) -> Block {
    let mut block = Block::new();
    for (name, entry) in section.named() {
        let name = name.parse::<StoreName>();
        let table = store(&entry, name.as_ref().ok(), app_id);
        match (name, table) {
            (Ok(name), Some(table)) => {
                block.insert(name, table);
            }
            (Ok(_), None) => {}
            (Err(error), _) => entry.report(format!("is wrong: {error}")),
        }
    }
    block
}

/// Refuses drivers that do not exist.
pub(crate) fn check(
    stores: &Stores,
    known: &dyn Fn(&str) -> Option<Vec<&'static str>>,
) -> Result<(), Problems> {
    let mut problems = Vec::new();
    for (block, tables) in stores {
        let drivers = known(block).unwrap_or_default();
        for (name, table) in tables.iter().filter(|(_, t)| !drivers.contains(&t.driver.as_str())) {
            let driver = table.driver.escape_debug();
            problems.push(Problem {
                place: table.place.clone(),
                path: format!("{block}.{name}.driver"),
                message: format!("is `{driver}`: use one of {}", drivers.join(", ")),
            });
        }
    }
    Problems::none(problems)
}

fn store(entry: &Entry<'_>, name: Option<&StoreName>, app_id: Option<&str>) -> Option<StoreTable> {
    let mut driver = None;
    let mut key_prefix = KeyPrefix::default();
    let mut options = Map::new();
    let mut place = entry.place.clone();
    for (key, value) in entry.section()?.named() {
        if key == "driver" {
            place = value.place.clone();
            driver = Some(value.text("`local`")?);
        } else if key == "key_prefix" {
            let text = value.text("`none`, `appid`, `name` or a prefix")?;
            match name.map(|name| KeyPrefix::resolve(&text, name, app_id)) {
                Some(Ok(prefix)) => key_prefix = prefix,
                Some(Err(error)) => {
                    let text = text.escape_debug();
                    value.report(format!("is `{text}`, which cannot be: {error}"));
                }
                None => {}
            }
        } else {
            options.insert(key.to_owned(), json(&value)?);
        }
    }
    if driver.is_none() {
        entry.report("has no `driver`: name the one that keeps its data, such as `local`".into());
    }
    Some(StoreTable { driver: driver?, key_prefix, options: Value::Object(options), place })
}

fn json(entry: &Entry<'_>) -> Option<Value> {
    Some(match entry.value {
        DeValue::String(_) => Value::String(entry.text("")?),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => return refuse(entry, format!("is {number}: too large a number")),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::from(number),
            _ => return refuse(entry, format!("is {number}: write a finite number")),
        },
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().enumerate().map(|(at, item)| json(&entry.item(at, item)));
            Value::Array(items.collect::<Option<_>>()?)
        }
        DeValue::Table(_) => {
            let named = entry.section()?.named();
            let pairs = named.iter().map(|(key, value)| Some(((*key).to_owned(), json(value)?)));
            Value::Object(pairs.collect::<Option<_>>()?)
        }
    })
}

fn refuse(entry: &Entry<'_>, message: String) -> Option<Value> {
    entry.report(message);
    None
}
