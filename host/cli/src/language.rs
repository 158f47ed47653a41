//! What this binary carries for each guest language, packed by `build.rs` from `guests/*`.

/// All of them, in the order of their folders' names.
pub(crate) const LANGUAGES: &[Language] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A file by its path in the folder that it belongs to.
pub(crate) type File = (&'static str, &'static str);

/// One language.
#[derive(Debug)]
pub(crate) struct Language {
    /// The text of its `guest.toml`.
    pub(crate) recipe: &'static str,
    /// The files of a new function that answers requests; none where the recipe has no `[new]`.
    pub(crate) template: &'static [File],
    /// Those of one that receives events.
    pub(crate) event: &'static [File],
    /// The files of its SDK, as functions refer to it.
    pub(crate) sdk: &'static [File],
}
