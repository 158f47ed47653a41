//! The files of a new function, with its name put in.
//!
//! Placeholders in a template's text:
//!
//! | placeholder | is |
//! |---|---|
//! | `{{name}}` | the function's name |
//! | `{{package}}` | the name, or `function-NAME` where that is no name for a package |
//! | `{{language}}` | the language as it was asked for |

use ottavo_core::FunctionName;

/// What a new function is called by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    #[default]
    Http,
    Event,
}

/// The values of the placeholders.
#[derive(Clone, Debug)]
pub(crate) struct Values<'a> {
    pub(crate) name: &'a FunctionName,
    pub(crate) language: &'a str,
}

/// Packages that a function would be mistaken for, whatever the language.
const TAKEN: [&str; 8] = [
    "alloc",
    "assemblyscript",
    "core",
    "ottavo-sdk",
    "ottavo-sdk-macros",
    "proc_macro",
    "std",
    "test",
];

impl Values<'_> {
    /// Replaces the placeholders.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{{name}}", self.name.as_str())
            .replace("{{package}}", &self.package())
            .replace("{{language}}", self.language)
    }

    fn package(&self) -> String {
        let name = self.name.as_str();
        match name.starts_with(|c: char| c.is_ascii_digit()) || TAKEN.contains(&name) {
            true => format!("function-{name}"),
            false => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_none_for_a_package_are_prefixed() {
        for (name, filled) in [
            ("hello", "hello hello in go"),
            ("2d", "2d function-2d in go"),
            ("test", "test function-test in go"),
        ] {
            let name = name.parse().expect("a name");
            let values = Values { name: &name, language: "go" };
            assert_eq!(values.fill("{{name}} {{package}} in {{language}}"), filled);
        }
    }
}
