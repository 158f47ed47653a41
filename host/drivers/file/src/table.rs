//! One file with all secrets: tables of TOML, or objects of JSON, whose keys are the parts of names.

use std::path::Path;

use ottavo_blocks::secret::Leaves;
use ottavo_core::{Error, Result};
use serde_json::Value;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Toml,
    Json,
}

impl Form {
    /// By the end of the file's name.
    pub(crate) fn of(path: &Path) -> Option<Form> {
        match path.extension()?.to_str()? {
            "toml" => Some(Form::Toml),
            "json" => Some(Form::Json),
            _ => None,
        }
    }
}

/// The secrets of a text.
///
/// # Errors
/// Where it is wrong and why, with nothing of the text but names.
pub(crate) fn parse(form: Form, bytes: &[u8]) -> Result<Leaves> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::invalid("it is not UTF-8 text"))?;
    let root: Value = match form {
        Form::Toml => toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            Error::invalid(format!("line {line} is not TOML"))
        })?,
        Form::Json => serde_json::from_str(text).map_err(|error| {
            Error::invalid(format!(
                "it is not JSON at line {}, column {}",
                error.line(),
                error.column()
            ))
        })?,
    };
    let mut leaves = Leaves::default();
    match root {
        Value::Object(_) => flatten(&mut leaves, "", root)?,
        _ => return Err(Error::invalid("it is not a table of names and values")),
    }
    Ok(leaves)
}

fn flatten(leaves: &mut Leaves, name: &str, value: Value) -> Result<()> {
    let value = match value {
        Value::Object(table) => {
            for (key, value) in table {
                let name = match name.is_empty() {
                    true => key,
                    false => format!("{name}/{key}"),
                };
                flatten(leaves, &name, value)?;
            }
            return Ok(());
        }
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Array(_) | Value::Null => {
            let name = name.escape_debug();
            return Err(Error::invalid(format!("`{name}` is no text: write it in quotes")));
        }
    };
    leaves.insert(name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(form: Form, text: &str) -> Result<Vec<String>, String> {
        let leaves = parse(form, text.as_bytes()).map_err(|error| error.message().to_owned())?;
        let shown =
            |(name, bundle): (ottavo_blocks::secret::Key, ottavo_blocks::secret::Bundle)| {
                let value = bundle.values[0].1.expose().clone();
                format!("{name}={}", String::from_utf8_lossy(&value))
            };
        Ok(leaves.all().into_iter().map(shown).collect())
    }

    #[test]
    fn tables_are_parts_of_names() {
        let toml =
            "token = \"t\"\n\"a/b\" = \"1\"\n[db]\nuser = \"u\"\nport = 5\n[db.more]\non = true";
        let json = r#"{"token":"t","a":{"b":"1"},"db":{"user":"u","port":5,"more":{"on":true}}}"#;
        let expected = ["a/b=1", "db/more/on=true", "db/port=5", "db/user=u", "token=t"];
        assert_eq!(names(Form::Toml, toml).expect("valid"), expected);
        assert_eq!(names(Form::Json, json).expect("valid"), expected);
    }

    #[test]
    fn what_is_wrong_is_told_without_any_value() {
        for (form, text, why) in [
            (Form::Toml, "a = \"hunter2\"\nb = hunter2", "line 2 is not TOML"),
            (Form::Json, "{\"a\": \"hunter2\",\n hunter2}", "it is not JSON at line 2, column 2"),
            (Form::Json, "\"hunter2\"", "it is not a table of names and values"),
            (Form::Toml, "[db]\nlist = [\"hunter2\"]", "`db/list` is no text: write it in quotes"),
            (Form::Toml, "\"a/b\" = \"x\"\n[a]\nb = \"y\"", "the secret `a/b` is there twice"),
        ] {
            assert_eq!(names(form, text), Err(why.to_owned()), "{text}");
        }
    }
}
