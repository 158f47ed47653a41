//! The environment, as a value: read once, so that tests need not change the process's own.

use std::collections::BTreeMap;
use std::fmt;

/// Environment variables by name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// The process's own. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Env {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Env(std::env::vars_os().filter_map(text).collect())
    }

    /// These and no others.
    pub fn of<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Env {
        Env(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// All of them.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// A variable, unless it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Replaces each `${NAME}` and `${NAME:-default}` in `text`. Before `{`, `$$` stands for a `$`:
    /// `$${` is a literal `${`, and `$$${NAME}` a `$` and the value. References do not nest.
    ///
    /// # Errors
    /// What is wrong, to be put behind the path of the setting.
    pub(crate) fn expand(&self, text: &str) -> Result<String, String> {
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            let plain = before.trim_end_matches('$');
            let dollars = before.len() - plain.len() + 1;
            expanded.push_str(plain);
            expanded.extend(std::iter::repeat_n('$', dollars / 2));
            if dollars.is_multiple_of(2) {
                expanded.push('{');
                rest = &from[2..];
                continue;
            }
            let Some(end) = from.find('}') else {
                return Err("has `${` without `}`: write `${NAME}` or `${NAME:-default}`".into());
            };
            expanded.push_str(self.reference(&from[2..end])?);
            rest = &from[end + 1..];
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    /// What stands between `${` and `}`.
    fn reference<'a>(&'a self, inner: &'a str) -> Result<&'a str, String> {
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        if default.is_some_and(|default| default.contains("${")) {
            return Err(format!("has `${{{name}:-…}}` with a reference in it: they do not nest"));
        }
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(fine) {
            // without its default, which may be a secret
            let name = name.escape_debug();
            return Err(format!("has `${{{name}}}`: write `${{NAME}}` or `${{NAME:-default}}`"));
        }
        self.get(name).or(default).ok_or_else(|| {
            format!(
                "needs the environment variable `{name}`: set it, or write `${{{name}:-default}}`"
            )
        })
    }
}

/// Their number: the values may be secrets.
impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Env({} variables)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_and_a_missing_variable_is_named() {
        let env = Env::of([("A", "1"), ("EMPTY", "")]);
        let cases = [
            ("plain $A {A}", Ok("plain $A {A}")),
            ("<${A}${A}>", Ok("<11>")),
            ("${B:-two}", Ok("two")),
            ("${EMPTY:-x}${B:-}", Ok("x")),
            ("$${A}", Ok("${A}")),
            ("$$${A}", Ok("$1")),
            ("$$$${A}$", Ok("$${A}$")),
            ("${A:-${B}}", Err("do not nest")),
            ("${B}", Err("`B`")),
            ("${A", Err("without `}`")),
            ("${a b}", Err("`${a b}`")),
        ];
        for (text, expected) in cases {
            match (env.expand(text), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(found), Err(part)) => assert!(found.contains(part), "{text}: {found}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }
}
