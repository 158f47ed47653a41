//! How the texts of a configuration are read: references are replaced, secrets may stand elsewhere.

use std::borrow::Cow;
use std::cell::Cell;

use ottavo_document::{Entry, Reader, Rules, Shape};
use serde_json::Value;
use toml::de::DeTable;

use crate::{Env, format, secret};

/// The rules of `ottavo.toml` in one environment.
pub(crate) struct FileRules<'a> {
    pub(crate) env: &'a Env,
    may_refer: Cell<bool>,
}

impl<'a> FileRules<'a> {
    pub(crate) fn new(env: &'a Env) -> FileRules<'a> {
        FileRules { env, may_refer: Cell::new(false) }
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
}

impl Rules for FileRules<'_> {
    fn expand<'t>(&self, text: &'t str) -> Result<(Cow<'t, str>, Option<String>), String> {
        // a default that the file itself gives comes from the file
        let own = Env::default().expand(text);
        let text = self.env.expand(text)?;
        let via = (own.as_ref() != Ok(&text)).then(|| "the environment".to_owned());
        Ok((Cow::Owned(text), via))
    }

    fn format(&self, shape: Shape<'_>, text: &str) -> Result<(), String> {
        format::check(shape, text)
    }

    fn secret(
        &self,
        reader: &Reader<'_>,
        entry: &Entry<'_>,
        table: &DeTable<'_>,
    ) -> Option<(Value, String)> {
        secret::read(self, reader, entry, table)
    }
}
