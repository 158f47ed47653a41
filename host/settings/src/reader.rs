//! A TOML file read against a schema: values with their references replaced, the place of each, and
//! every problem on the way.
//!
//! A value that must not show is never part of a message.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::Path;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::origin::{Origin, Origins};
use crate::shape::{Shape, quoted};
use crate::{Env, Place, Problem, Problems, format, secret};

/// What is read, and what was found so far.
pub(crate) struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
    pub(crate) env: &'a Env,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
    origins: RefCell<Origins>,
    may_refer: Cell<bool>,
}

/// One value, with the path under which it stands.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) path: String,
    pub(crate) place: Place,
    pub(crate) value: &'a DeValue<'a>,
}

/// What was read beside the values.
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    pub(crate) origins: Origins,
}

impl<'a> Reader<'a> {
    /// The text of `file`, whose references are replaced from `env`.
    pub(crate) fn new(file: &'a Path, text: &'a str, env: &'a Env) -> Reader<'a> {
        let (problems, warnings) = (RefCell::default(), RefCell::default());
        let (origins, may_refer) = (RefCell::default(), Cell::new(false));
        Reader { file, text, env, problems, warnings, origins, may_refer }
    }

    /// Whether a secret may stand in a secret store, where that is read now.
    pub(crate) fn may_refer(&self) -> bool {
        self.may_refer.get()
    }

    /// Says so, for what `read` reads.
    pub(crate) fn referring<T>(&self, may: bool, read: impl FnOnce() -> T) -> T {
        let before = self.may_refer.replace(may);
        let read = read();
        self.may_refer.set(before);
        read
    }

    /// Parses the text and lets `read` take its root.
    pub(crate) fn read<T>(
        self,
        read: impl FnOnce(&Reader<'_>, &DeTable<'_>) -> T,
    ) -> Result<(T, Findings), Problems> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let place = error.span().map_or_else(|| Place::file(self.file), |at| self.place(at));
            self.report(place, String::new(), format!("not TOML: {}", error.message()));
        }
        // what a broken text still holds would only bring problems that follow from the first
        Problems::none(self.problems.take())?;
        let found = read(&self, root.get_ref());
        let (problems, warnings) = (self.problems.into_inner(), self.warnings.into_inner());
        Ok((found, Findings { problems, warnings, origins: self.origins.into_inner() }))
    }

    pub(crate) fn report(&self, place: Place, path: String, message: String) {
        self.problems.borrow_mut().push(Problem { place, path, message });
    }

    /// How many problems there are so far.
    pub(crate) fn problems(&self) -> usize {
        self.problems.borrow().len()
    }

    pub(crate) fn warn(&self, entry: &Entry<'_>, message: String) {
        let (place, path) = (entry.place.clone(), entry.path.clone());
        self.warnings.borrow_mut().push(Problem { place, path, message });
    }

    /// Reports and has no value.
    pub(crate) fn refuse<T>(&self, entry: &Entry<'_>, message: String) -> Option<T> {
        self.report(entry.place.clone(), entry.path.clone(), message);
        None
    }

    /// Where a setting is written; none for one that is not.
    pub(crate) fn place_of(&self, path: &str) -> Option<Place> {
        match self.origins.borrow().get(path) {
            Some(Origin::File { place, .. }) => Some(place.clone()),
            _ => None,
        }
    }

    fn place(&self, at: Range<usize>) -> Place {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place::at(self.file, before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    fn remember(&self, entry: &Entry<'_>, via: Option<String>) {
        let origin = Origin::File { place: entry.place.clone(), via };
        self.origins.borrow_mut().insert(entry.path.clone(), origin);
    }

    /// Each key of a table.
    pub(crate) fn entries<'t>(
        &self,
        path: &str,
        table: &'t DeTable<'t>,
    ) -> Vec<(&'t str, Entry<'t>)> {
        let entry =
            |(key, value): (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>)| {
                let path = join(path, key.get_ref());
                let place = self.place(key.span());
                (&**key.get_ref(), Entry { path, place, value: value.get_ref() })
            };
        table.iter().map(entry).collect()
    }

    /// The value as a table; anything else is reported.
    pub(crate) fn table_of<'t>(&self, entry: &Entry<'t>) -> Option<&'t DeTable<'t>> {
        let (path, found) = (&entry.path, type_of(entry.value));
        match entry.value {
            DeValue::Table(table) => Some(table),
            _ => self.refuse(entry, format!("is {found}: write a table `[{path}]`")),
        }
    }

    /// Reads the keys of a table but those of `except`, which are known and read elsewhere.
    /// Unknown and missing ones are reported; `place` is that of the whole table.
    pub(crate) fn table(
        &self,
        (path, place): (&str, &Place),
        table: &DeTable<'_>,
        shape: Shape<'_>,
        except: &[&str],
    ) -> Map<String, Value> {
        let mut read = Map::new();
        for (key, entry) in self.entries(path, table) {
            if except.contains(&key) {
                continue;
            }
            let Some(shape) = shape.property(key) else {
                let known = shape.properties().into_iter().flat_map(Map::keys).map(String::as_str);
                let mut known: Vec<_> = known.chain(except.iter().copied()).collect();
                known.sort_unstable();
                known.dedup();
                let known = match known.is_empty() {
                    true => "there is nothing to set here".to_owned(),
                    false => format!("use one of {}", known.join(", ")),
                };
                self.refuse::<()>(&entry, format!("is unknown: {known}"));
                continue;
            };
            if let Some(value) = self.value(&entry, shape) {
                read.insert(key.to_owned(), value);
            }
        }
        for key in shape.required().into_iter().filter(|key| !table.contains_key(*key)) {
            let accepted =
                shape.property(key).map_or_else(String::new, |s| s.accepted(&join(path, key)));
            self.report(
                place.clone(),
                path.to_owned(),
                format!("has no `{key}`: write {accepted}"),
            );
        }
        read
    }

    /// Reads a value; what does not fit is reported.
    pub(crate) fn value(&self, entry: &Entry<'_>, shape: Shape<'_>) -> Option<Value> {
        let Some(fitting) = shape.taking(entry.value) else {
            let (found, accepted) = (type_of(entry.value), shape.accepted(&entry.path));
            return self.refuse(entry, format!("is {found}: write {accepted}"));
        };
        if let DeValue::Table(table) = entry.value
            && !fitting.is_secret()
        {
            let table = self.table((&entry.path, &entry.place), table, fitting, &[]);
            return Some(Value::Object(table));
        }
        let mut via = None;
        let value = match entry.value {
            DeValue::String(text) => {
                // a default that the file itself gives comes from the file
                let own = Env::default().expand(text);
                let text = match self.env.expand(text) {
                    Ok(text) => text,
                    Err(message) => return self.refuse(entry, message),
                };
                via = (own.as_ref() != Ok(&text)).then(|| "the environment".to_owned());
                self.text(entry, shape, fitting, text)
            }
            DeValue::Table(table) => {
                let (value, source) = secret::read(self, entry, table)?;
                via = Some(source);
                Some(value)
            }
            DeValue::Integer(number) => {
                let read = i64::from_str_radix(number.as_str(), number.radix()).ok();
                let (least, most) = fitting.range();
                let fits =
                    |n: &i64| least.is_none_or(|least| least <= *n) && most.is_none_or(|m| *n <= m);
                match read.filter(fits) {
                    Some(number) => Some(Value::from(number)),
                    None if read.is_none() => {
                        self.refuse(entry, format!("is {number}: too large a number"))
                    }
                    None => {
                        let accepted = fitting.accepted(&entry.path);
                        self.refuse(entry, format!("is {number}: write {accepted}"))
                    }
                }
            }
            DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
                Ok(number) if number.is_finite() => Some(Value::from(number)),
                _ => self.refuse(entry, format!("is {number}: write a finite number")),
            },
            DeValue::Boolean(value) => Some(Value::Bool(*value)),
            DeValue::Datetime(date) => Some(Value::String(date.to_string())),
            DeValue::Array(items) => {
                let item = |(at, item): (usize, &Spanned<DeValue<'_>>)| {
                    let (path, place) = (format!("{}[{at}]", entry.path), self.place(item.span()));
                    let entry = Entry { path, place, value: item.get_ref() };
                    self.value(&entry, fitting.items())
                };
                items.iter().enumerate().map(item).collect::<Option<_>>().map(Value::Array)
            }
        };
        self.remember(entry, via);
        value
    }

    fn text(
        &self,
        entry: &Entry<'_>,
        shape: Shape<'_>,
        own: Shape<'_>,
        text: String,
    ) -> Option<Value> {
        let words = shape.words();
        if !words.is_empty() && !words.contains(&text.as_str()) {
            let words = quoted(words);
            return self.refuse(entry, format!("is `{}`: use {words}", text.escape_debug()));
        }
        match format::check(own, &text) {
            Ok(()) => Some(Value::String(text)),
            Err(message) => self.refuse(entry, message),
        }
    }
}

/// A value's type in words, with its article.
pub(crate) fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

pub(crate) fn join(path: &str, key: &str) -> String {
    match path.is_empty() {
        true => key.escape_debug().to_string(),
        false => format!("{path}.{}", key.escape_debug()),
    }
}
