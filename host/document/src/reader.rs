//! The way through a text.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::shape::quoted;
use crate::{Place, Problem, Problems, Shape, format};

/// What is read, and what was found so far.
pub struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
    rules: &'a dyn Rules,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
    found: RefCell<Found>,
}

/// What is particular to one sort of file.
pub trait Rules {
    /// What a text stands for, and what that was read from when it is not the file.
    ///
    /// # Errors
    /// What is wrong, to be put behind the path.
    fn expand<'t>(&self, text: &'t str) -> Result<(Cow<'t, str>, Option<String>), String> {
        Ok((Cow::Borrowed(text), None))
    }

    /// Whether a text is what the shape demands.
    ///
    /// # Errors
    /// What is wrong, to be put behind the path.
    fn format(&self, shape: Shape<'_>, text: &str) -> Result<(), String> {
        format::check(shape, text)
    }

    /// The secret that a table names, and what it was read from. Whatever is wrong is reported.
    fn secret(
        &self,
        reader: &Reader<'_>,
        entry: &Entry<'_>,
        _table: &DeTable<'_>,
    ) -> Option<(Value, String)> {
        reader.refuse(entry, "is a table: write text".to_owned())
    }
}

/// The place of each value by its path, and what it was read from when that is not the file.
pub type Found = BTreeMap<String, (Place, Option<String>)>;

/// One value, with the path under which it stands.
#[derive(Clone)]
pub struct Entry<'a> {
    /// As it is shown.
    pub path: String,
    /// Of its key.
    pub place: Place,
    /// As it is written.
    pub value: &'a DeValue<'a>,
}

/// What was read beside the values.
pub struct Findings {
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What should be better.
    pub warnings: Vec<Problem>,
    /// Where the values are.
    pub found: Found,
}

impl<'a> Reader<'a> {
    /// The text of `file`.
    pub fn new(file: &'a Path, text: &'a str, rules: &'a dyn Rules) -> Reader<'a> {
        let (problems, warnings, found) = Default::default();
        Reader { file, text, rules, problems, warnings, found }
    }

    /// Parses the text and lets `read` take its root.
    ///
    /// # Errors
    /// When it is not TOML: each mistake.
    pub fn read<T>(
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
        Ok((found, Findings { problems, warnings, found: self.found.into_inner() }))
    }

    /// One more problem.
    pub fn report(&self, place: Place, path: String, message: String) {
        self.problems.borrow_mut().push(Problem { place, path, message });
    }

    /// How many problems there are so far.
    pub fn problems(&self) -> usize {
        self.problems.borrow().len()
    }

    /// Something that works and should be better.
    pub fn warn(&self, entry: &Entry<'_>, message: String) {
        self.warn_at(entry.place.clone(), entry.path.clone(), message);
    }

    /// The same of what is known by its place and path.
    pub fn warn_at(&self, place: Place, path: String, message: String) {
        self.warnings.borrow_mut().push(Problem { place, path, message });
    }

    /// Reports and has no value.
    pub fn refuse<T>(&self, entry: &Entry<'_>, message: String) -> Option<T> {
        self.report(entry.place.clone(), entry.path.clone(), message);
        None
    }

    /// Where a setting is written; none for one that is not.
    pub fn place_of(&self, path: &str) -> Option<Place> {
        self.found.borrow().get(path).map(|(place, _)| place.clone())
    }

    /// Where the first of what stands within a table or list is written.
    pub fn place_within(&self, path: &str) -> Option<Place> {
        let found = self.found.borrow();
        let within = |known: &&String| {
            let rest = known.strip_prefix(path);
            rest.is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        let places = found.iter().filter(|(known, _)| within(known)).map(|(_, (place, _))| place);
        places.min().cloned()
    }

    fn place(&self, at: Range<usize>) -> Place {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place::at(self.file, before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    fn remember(&self, entry: &Entry<'_>, via: Option<String>) {
        self.found.borrow_mut().insert(entry.path.clone(), (entry.place.clone(), via));
    }

    /// Each key of a table.
    pub fn entries<'t>(&self, path: &str, table: &'t DeTable<'t>) -> Vec<(&'t str, Entry<'t>)> {
        let entry = |(key, value): (&'t Spanned<Cow<'t, str>>, &'t Spanned<DeValue<'t>>)| {
            let path = join(path, key.get_ref());
            let place = self.place(key.span());
            (&**key.get_ref(), Entry { path, place, value: value.get_ref() })
        };
        table.iter().map(entry).collect()
    }

    /// The value as a table; anything else is reported.
    pub fn table_of<'t>(&self, entry: &Entry<'t>) -> Option<&'t DeTable<'t>> {
        let (path, found) = (&entry.path, type_of(entry.value));
        match entry.value {
            DeValue::Table(table) => Some(table),
            _ => self.refuse(entry, format!("is {found}: write a table `[{path}]`")),
        }
    }

    /// Reads the keys of a table but those of `except`, which are known and read elsewhere.
    /// Unknown and missing ones are reported; `place` is that of the whole table.
    pub fn table(
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
    pub fn value(&self, entry: &Entry<'_>, shape: Shape<'_>) -> Option<Value> {
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
                let expanded = match self.rules.expand(text) {
                    Ok(expanded) => expanded,
                    Err(message) => return self.refuse(entry, message),
                };
                via = expanded.1;
                self.text(entry, shape, fitting, expanded.0.into_owned())
            }
            DeValue::Table(table) => {
                let (value, source) = self.rules.secret(self, entry, table)?;
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
        match self.rules.format(own, &text) {
            Ok(()) => Some(Value::String(text)),
            Err(message) => self.refuse(entry, message),
        }
    }
}

/// A value's type in words, with its article.
pub fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The path of a key.
pub fn join(path: &str, key: &str) -> String {
    match path.is_empty() {
        true => key.escape_debug().to_string(),
        false => format!("{path}.{}", key.escape_debug()),
    }
}
