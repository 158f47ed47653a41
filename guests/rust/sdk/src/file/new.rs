//! A file to be written, with what is said of it.

use crate::bindings::ottavo::runtime::state::Precondition;

/// A file to be written: in place of one that is there, unless it says otherwise.
#[derive(Clone, Debug)]
pub struct NewFile<'a> {
    pub(super) name: &'a str,
    pub(super) content_type: Option<&'a str>,
    pub(super) precondition: Precondition<'a>,
    pub(super) metadata: Vec<(&'a str, &'a str)>,
}

impl<'a> NewFile<'a> {
    /// A file of this name.
    pub fn new(name: &'a str) -> NewFile<'a> {
        NewFile { name, content_type: None, precondition: Precondition::Any, metadata: Vec::new() }
    }

    /// What it holds, such as `text/plain`.
    #[must_use]
    pub fn content_type(self, content_type: &'a str) -> NewFile<'a> {
        NewFile { content_type: Some(content_type), ..self }
    }

    /// Adds what travels with the file.
    #[must_use]
    pub fn metadata(mut self, name: &'a str, value: &'a str) -> NewFile<'a> {
        self.metadata.push((name, value));
        self
    }

    /// Only when the file is missing; else `conflict`.
    #[must_use]
    pub fn if_absent(self) -> NewFile<'a> {
        NewFile { precondition: Precondition::Absent, ..self }
    }

    /// Only while the etag is this one; else `conflict`.
    #[must_use]
    pub fn if_match(self, etag: &'a str) -> NewFile<'a> {
        NewFile { precondition: Precondition::Match(etag), ..self }
    }
}
