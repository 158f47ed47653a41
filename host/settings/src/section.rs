//! One table of the file, read key by key; what nobody asked for is unknown.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use ottavo_core::units::{ByteCount, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Place;
use crate::document::{Document, type_of};

/// A table and its path. An absent table reads as an empty one.
pub(crate) struct Section<'a> {
    document: &'a Document<'a>,
    path: String,
    table: Option<&'a DeTable<'a>>,
    known: Vec<&'static str>,
}

/// One value, with the path under which it stands.
pub(crate) struct Entry<'a> {
    document: &'a Document<'a>,
    pub(crate) path: String,
    pub(crate) place: Place,
    pub(crate) value: &'a DeValue<'a>,
}

impl<'a> Section<'a> {
    pub(crate) fn root(document: &'a Document<'a>, table: &'a DeTable<'a>) -> Section<'a> {
        Section { document, path: String::new(), table: Some(table), known: Vec::new() }
    }

    /// The table under `key`.
    pub(crate) fn section(&mut self, key: &'static str) -> Section<'a> {
        let entry = self.entry(key);
        let table = entry.as_ref().and_then(Entry::table);
        Section { document: self.document, path: self.join(key), table, known: Vec::new() }
    }

    /// Sets `slot` from a text that parses, such as a size or a length of time.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(
        &mut self,
        key: &'static str,
        like: &str,
        slot: &mut T,
    ) {
        self.text(key, like, slot, |text| text.parse().map_err(wrong));
    }

    /// Sets `slot` from a length of time that is not zero.
    pub(crate) fn span(&mut self, key: &'static str, slot: &mut Span) {
        self.text(key, "`10s`", slot, |text| {
            let span: Span = text.parse().map_err(wrong)?;
            match span.0.is_zero() {
                true => Err("is zero: nothing could be done in no time".to_owned()),
                false => Ok(span),
            }
        });
    }

    /// Sets `slot` from a size that is not zero.
    pub(crate) fn size(&mut self, key: &'static str, slot: &mut ByteCount) {
        self.size_in(key, ByteCount(1)..=ByteCount(u64::MAX), slot);
    }

    /// Sets `slot` from a size within `range`.
    pub(crate) fn size_in(
        &mut self,
        key: &'static str,
        range: RangeInclusive<ByteCount>,
        slot: &mut ByteCount,
    ) {
        self.text(key, "`4MiB`", slot, |text| {
            let size: ByteCount = text.parse().map_err(wrong)?;
            match range.contains(&size) {
                true => Ok(size),
                false if size.0 == 0 => Err("is zero: nothing would fit".to_owned()),
                false => {
                    let (least, most) = range.into_inner();
                    Err(format!("is {size}: write a size from {least} to {most}"))
                }
            }
        });
    }

    /// Sets `slot` from a text that `read` accepts. `like` shows one.
    pub(crate) fn text<T>(
        &mut self,
        key: &'static str,
        like: &str,
        slot: &mut T,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) {
        let Some(entry) = self.entry(key) else { return };
        let Some(text) = entry.text(like) else { return };
        match read(&text) {
            Ok(value) => *slot = value,
            Err(message) => entry.report(message),
        }
    }

    /// Sets `slot` from one of the words of `choices`.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        slot: &mut T,
    ) {
        let words: Vec<_> = choices.iter().map(|(word, _)| format!("`{word}`")).collect();
        let words = words.join(" or ");
        self.text(key, &words, slot, |text| {
            let found = choices.iter().find(|(word, _)| *word == text);
            found
                .map(|(_, value)| *value)
                .ok_or_else(|| format!("is `{}`: use {words}", text.escape_debug()))
        });
    }

    /// Sets `slot` from a whole number within `range`.
    pub(crate) fn number<T>(&mut self, key: &'static str, range: RangeInclusive<T>, slot: &mut T)
    where
        T: TryFrom<i64> + PartialOrd + Display,
    {
        let Some(entry) = self.entry(key) else { return };
        let accepted = format!("a whole number from {} to {}", range.start(), range.end());
        let DeValue::Integer(number) = entry.value else {
            return entry.report(format!("is {}: write {accepted}", type_of(entry.value)));
        };
        let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
        match value.and_then(|value| T::try_from(value).ok()).filter(|v| range.contains(v)) {
            Some(value) => *slot = value,
            None => entry.report(format!("is {number}: write {accepted}")),
        }
    }

    /// Every key of the table: they are names that the user chose.
    pub(crate) fn named(&self) -> Vec<(&'a str, Entry<'a>)> {
        let pairs = self.table.into_iter().flat_map(|table| table.iter());
        pairs.map(|(key, value)| (&**key.get_ref(), self.enter(key, value))).collect()
    }

    /// Reports something about a setting as a whole, or about its table when it is absent.
    pub(crate) fn report(&self, key: &str, message: String) {
        let found = self.table.and_then(|table| table.get_key_value(key));
        let place = found.map(|(key, _)| self.document.place(key.span())).unwrap_or_default();
        self.document.report(place, self.join(key), message);
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(mut self) {
        self.known.sort_unstable();
        for (key, entry) in self.named() {
            if !self.known.contains(&key) {
                entry.report(format!("is unknown: use one of {}", self.known.join(", ")));
            }
        }
    }

    fn entry(&mut self, key: &'static str) -> Option<Entry<'a>> {
        self.known.push(key);
        let (key, value) = self.table?.get_key_value(key)?;
        Some(self.enter(key, value))
    }

    fn enter(
        &self,
        key: &'a Spanned<std::borrow::Cow<'a, str>>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Entry<'a> {
        let (document, path) = (self.document, self.join(key.get_ref()));
        Entry { document, path, place: document.place(key.span()), value: value.get_ref() }
    }

    fn join(&self, key: &str) -> String {
        match self.path.is_empty() {
            true => key.escape_debug().to_string(),
            false => format!("{}.{}", self.path, key.escape_debug()),
        }
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn report(&self, message: String) {
        self.document.report(self.place.clone(), self.path.clone(), message);
    }

    /// The value as a text with its references replaced; anything else is reported.
    pub(crate) fn text(&self, like: &str) -> Option<String> {
        let DeValue::String(text) = self.value else {
            self.report(format!("is {}: write text like {like}", type_of(self.value)));
            return None;
        };
        self.document.expand(text).map_err(|message| self.report(message)).ok()
    }

    /// The value as a table; anything else is reported.
    pub(crate) fn table(&self) -> Option<&'a DeTable<'a>> {
        if let DeValue::Table(table) = self.value {
            return Some(table);
        }
        let (path, found) = (&self.path, type_of(self.value));
        self.report(format!("is {found}: write a table `[{path}]`"));
        None
    }

    /// The value as a section of its own.
    pub(crate) fn section(&self) -> Option<Section<'a>> {
        let (document, path) = (self.document, self.path.clone());
        self.table().map(|table| Section { document, path, table: Some(table), known: Vec::new() })
    }

    /// The entry at `at` within a list.
    pub(crate) fn item(&self, at: usize, item: &'a Spanned<DeValue<'a>>) -> Entry<'a> {
        let (document, place) = (self.document, self.document.place(item.span()));
        Entry { document, path: format!("{}[{at}]", self.path), place, value: item.get_ref() }
    }
}

fn wrong(error: impl Display) -> String {
    format!("is wrong: {error}")
}
