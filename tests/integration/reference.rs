//! The reference pages of settings and drivers are what the host itself says of them.
//!
//! `OTTAVO_BLESS=1` writes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ottavo_test_support::{binary, root};
use serde_json::{Value, json};
use tokio::process::Command;

/// What a generated page or table begins with.
const NOTE: &str = "written by the test `reference` with OTTAVO_BLESS=1, from doc comments";

/// A doc comment: what it says, and what it says of the default.
fn halves(schema: &Value) -> (String, Option<String>) {
    let text = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
    match text.rsplit_once("Default") {
        Some((text, default)) => {
            let default = default.trim_start_matches(':').trim().trim_end_matches('.');
            (text.trim().to_owned(), Some(default.to_owned()))
        }
        None => (text, None),
    }
}

/// The options of a table, those that are required first. At the `root`, named stores and tables have places
/// of their own.
fn table(schema: &Value, except: &[&str], root: bool) -> String {
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    let is_required = |key: &str| required.iter().any(|one| *one == key);
    let known = schema["properties"].as_object().into_iter().flatten();
    let known = known.filter(|(key, option)| {
        let elsewhere = root && option.get("properties").is_some() || is_block(option);
        !except.contains(&key.as_str()) && !elsewhere
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|(key, _)| !is_required(key));
    if known.is_empty() {
        return "It has no options of its own.\n".to_owned();
    }
    let mut table = "| setting | default | what |\n|---|---|---|\n".to_owned();
    for (key, option) in known {
        let (mut what, said) = halves(option);
        assert!(!what.is_empty(), "`{key}` has no doc comment");
        let real = option["default"].as_str().map(|text| format!("`{text}`"));
        if let (Some(said), Some(real)) = (&said, &real) {
            assert_eq!(said, real, "the doc comment of `{key}` says another default");
        }
        let default = match is_required(key) {
            true => "required".to_owned(),
            false => said.or(real).unwrap_or_else(|| "none".to_owned()),
        };
        if option.to_string().contains("\"secret") {
            what.push_str(" May be a [reference](CONFIGURATION#secrets).");
        }
        let what = what.replace('|', "\\|");
        table.push_str(&format!("| `{key}` | {default} | {what} |\n"));
    }
    table
}

/// The table itself, where it may be left out, or where there is one for each name.
fn inner(schema: &Value) -> &Value {
    let branches = schema["anyOf"].as_array().into_iter().flatten();
    let mut tables = branches.chain([&schema["additionalProperties"]]);
    tables.find(|table| table["properties"].is_object()).unwrap_or(schema)
}

/// Whether it is the table of a block's stores.
fn is_block(schema: &Value) -> bool {
    schema["additionalProperties"]["oneOf"].is_array()
}

/// `document` with each `<!-- table NAME ... -->` filled.
fn filled(document: &str, schema: &Value) -> String {
    let (begin, end) = ("<!-- table ", "<!-- end -->\n");
    let mut parts = document.split(begin);
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let name = part.split([':', ' ']).next().unwrap();
        let (_, after) = part.split_once(end).expect("a table ends with `<!-- end -->`");
        let own = if name == "root" { schema } else { inner(&schema["properties"][name]) };
        assert!(own.is_object(), "no table `{name}`");
        let table = table(own, &[], name == "root").replace("CONFIGURATION", "");
        text.push_str(&format!("{begin}{name}: {NOTE} -->\n\n{table}\n{end}{after}"));
    }
    text
}

/// What is written by hand of a driver: in its folder, or in one of several drivers.
fn written(driver: &str) -> String {
    let folders = fs::read_dir(root().join("host/drivers")).unwrap().map(|entry| entry.unwrap());
    let several = folders.map(|folder| {
        let folder = folder.file_name().into_string().unwrap();
        format!("host/drivers/{folder}/docs/{driver}.md")
    });
    let mut all = several.chain([format!("host/drivers/{driver}/docs.md")]);
    let found = all.find(|file| root().join(file).exists());
    found.unwrap_or_else(|| panic!("`{driver}` has no `docs.md` in its folder"))
}

/// Fails unless the file names every setting that has a default.
fn says_all(file: &toml::Table, schema: &Value) {
    let unset = |value: &Value| value.is_null() || value == &json!([]) || value == &json!({});
    for (table, own) in schema["properties"].as_object().unwrap() {
        for (key, value) in own["default"].as_object().into_iter().flatten() {
            let said = file.get(table).and_then(|table| table.get(key)).is_some();
            assert!(said || unset(value), "`configs/default.toml` lacks `{table}.{key}`: {value}");
        }
    }
}

fn compare(path: &Path, text: &str) {
    #[expect(clippy::disallowed_methods, reason = "a switch of the test, not of the host")]
    let bless = std::env::var_os("OTTAVO_BLESS").is_some();
    let shown = path.display();
    if bless {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        return fs::write(path, text).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == text,
        "`{shown}` is out of date: run this test with OTTAVO_BLESS=1\n{text}"
    );
}

#[tokio::test]
async fn the_pages_of_settings_and_drivers_are_what_the_host_says() {
    let output = Command::new(binary()).args(["config", "schema"]).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();

    let configuration = root().join("docs/reference/configuration.md");
    let document = fs::read_to_string(&configuration).unwrap();
    compare(&configuration, &filled(&document, &schema));
    for name in schema["properties"].as_object().unwrap().keys() {
        let of_root = schema["properties"][name].get("properties").is_none();
        let there = of_root || document.contains(&format!("<!-- table {name}:"));
        assert!(there, "`[{name}]` is not in the reference");
    }

    let defaults = fs::read_to_string(root().join("configs/default.toml")).unwrap();
    says_all(&toml::from_str(&defaults).unwrap(), &schema);

    // by driver, the options of each of its blocks
    let mut drivers: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let known = schema["properties"].as_object().unwrap().iter();
    for (block, own) in known.filter(|(_, own)| is_block(own)) {
        for store in own["additionalProperties"]["oneOf"].as_array().unwrap() {
            let driver = store["properties"]["driver"]["const"].as_str().unwrap();
            let options = table(store, &["driver", "key_prefix", "required"], false);
            let options = options.replace("CONFIGURATION", "../configuration.md");
            drivers.entry(driver.to_owned()).or_default().insert(block.clone(), options);
        }
    }
    assert!(drivers.len() >= 4, "{:?}", drivers.keys());
    for (driver, options) in drivers {
        let own = written(&driver);
        let mut page = fs::read_to_string(root().join(&own)).unwrap();
        assert!(!page.contains("](."), "a link of `{driver}` would lead elsewhere from the page");
        let place = |block: &str| format!("<!-- options {block} -->");
        // blocks without a place of their own share one
        let (named, others): (Vec<_>, Vec<_>) =
            options.into_iter().partition(|(block, _)| page.contains(&place(block)));
        for (block, options) in named {
            page = page.replace(&place(&block), options.trim_end());
        }
        if let Some((first, shared)) = others.first() {
            let there = page.contains("<!-- options -->");
            assert!(there, "the page of `{driver}` has no place for the options of `{first}`");
            for (block, options) in &others {
                let same = options == shared;
                assert!(same, "the page of `{driver}` has options for `{first}`, not `{block}`");
            }
            page = page.replace("<!-- options -->", shared.trim_end());
        }
        assert!(!page.contains("<!-- options"), "the page of `{driver}` has a place too many");
        let note = format!("<!-- {NOTE} and {own} -->\n\n");
        let path = root().join(format!("docs/reference/drivers/{driver}.md"));
        compare(&path, &format!("{note}{page}"));
        assert!(document.contains(&format!("drivers/{driver}.md")), "`{driver}` is not linked");
    }
}
