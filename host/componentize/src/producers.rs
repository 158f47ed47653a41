//! Which language a function was written in, as far as its `producers` sections tell.

use wasmparser::{CustomSectionReader, KnownCustom};

/// Reads the custom sections of one core module after the other.
#[derive(Default)]
pub(crate) struct Producers {
    /// The language found in the largest module so far, and that module's size.
    found: Option<(usize, String)>,
}

/// Tools that write no language, and what they compile. The first one present wins.
const TOOLS: &[(&str, &str)] = &[
    ("TinyGo", "Go (TinyGo)"),
    ("Go cmd/compile", "Go"),
    ("AssemblyScript", "AssemblyScript"),
    ("componentize-js", "JavaScript"),
    ("componentize-py", "Python"),
    ("rustc", "Rust"),
];

impl Producers {
    /// Notes a custom section of a core module of this size; adapters are small, the program is not.
    pub(crate) fn note(&mut self, section: &CustomSectionReader<'_>, module_size: usize) {
        if self.found.as_ref().is_some_and(|(size, _)| *size > module_size) {
            return;
        }
        let language = match section.as_known() {
            KnownCustom::Producers(fields) => language(fields),
            _ if section.name() == "go:buildid" => Some("Go".to_owned()),
            _ => None,
        };
        if let Some(language) = language {
            self.found = Some((module_size, language));
        }
    }

    pub(crate) fn language(self) -> Option<String> {
        self.found.map(|(_, language)| language)
    }
}

fn language(fields: wasmparser::ProducersSectionReader<'_>) -> Option<String> {
    let (mut languages, mut tools) = (Vec::new(), Vec::new());
    for field in fields.into_iter().flatten() {
        let into = match field.name {
            "language" => &mut languages,
            _ => &mut tools,
        };
        into.extend(field.values.into_iter().flatten().map(|value| value.name));
    }
    let tool = TOOLS.iter().find(|(tool, _)| tools.contains(tool));
    match (tool, languages.first()) {
        // TinyGo names C beside itself, and std's C parts do in Rust.
        (Some((_, language)), _) => Some((*language).to_owned()),
        (None, Some(language)) => Some(crate::listing::short(language)),
        (None, None) => None,
    }
}
