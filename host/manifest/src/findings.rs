//! What is wrong in a manifest beyond what its schema says.

use ottavo_core::{Error, Result};

/// Each with its path and what is wrong there.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<(String, String)>);

impl Findings {
    pub(crate) fn add(&mut self, path: String, message: String) {
        self.0.push((path, message));
    }

    /// What is wrong with a value, if anything.
    pub(crate) fn check(&mut self, path: String, checked: Result<(), String>) {
        if let Err(message) = checked {
            self.add(path, message);
        }
    }

    pub(crate) fn each(self) -> Vec<(String, String)> {
        self.0
    }

    /// As one error.
    ///
    /// # Errors
    /// `invalid-argument` with all of them.
    pub(crate) fn none(self) -> Result<()> {
        let texts: Vec<_> =
            self.0.into_iter().map(|(path, message)| format!("`{path}` {message}")).collect();
        match texts.is_empty() {
            true => Ok(()),
            false => Err(Error::invalid(texts.join("; "))),
        }
    }
}
