//! A TOML file whose places are known, and the problems found in it so far.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::section::Section;
use crate::{Env, Place, Problem, Problems};

/// Reads one file. Problems are collected, so that reading goes on.
pub(crate) struct Document<'a> {
    file: &'a Path,
    text: &'a str,
    env: &'a Env,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Document<'a> {
    /// The text of `file`, whose references are replaced from `env`.
    pub(crate) fn new(file: &'a Path, text: &'a str, env: &'a Env) -> Document<'a> {
        Document { file, text, env, problems: RefCell::default() }
    }

    /// Parses the text and lets `read` take what it knows from the file's root.
    pub(crate) fn read<T>(self, read: impl FnOnce(Section<'_>) -> T) -> Result<T, Problems> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let place = error.span().map_or_else(|| Place::file(self.file), |at| self.place(at));
            self.report(place, String::new(), format!("not TOML: {}", error.message()));
        }
        // what a broken text still holds would only bring problems that follow from the first
        if !errors.is_empty() {
            return Err(self.failed());
        }
        let found = read(Section::root(&self, root.get_ref()));
        Problems::none(self.problems.into_inner()).map(|()| found)
    }

    pub(crate) fn report(&self, place: Place, path: String, message: String) {
        self.problems.borrow_mut().push(Problem { place, path, message });
    }

    pub(crate) fn place(&self, at: Range<usize>) -> Place {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        Place::line(self.file, before.matches('\n').count() + 1)
    }

    /// A text with its references replaced.
    pub(crate) fn expand(&self, text: &str) -> Result<String, String> {
        self.env.expand(text)
    }

    fn failed(self) -> Problems {
        Problems::none(self.problems.into_inner()).expect_err("a problem was reported")
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
