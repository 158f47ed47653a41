//! The files of a new driver.

use std::collections::BTreeSet;

use super::contract::Contract;

/// `Cargo.toml`.
pub(crate) fn manifest(name: &str, contract: &Contract) -> String {
    let bytes = if contract.says("Bytes") { "bytes.workspace = true\n" } else { "" };
    let block = &contract.block;
    format!(
        "[package]\nname = \"ottavo-driver-{name}\"\ndescription = \"The block {block} on {name}\"\n\
         version.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
         license.workspace = true\npublish.workspace = true\n\n\
         [dependencies]\nasync-trait.workspace = true\n{bytes}ottavo-blocks.workspace = true\n\
         ottavo-core.workspace = true\nottavo-registry.workspace = true\nschemars.workspace = true\n\
         serde.workspace = true\nserde_json.workspace = true\n\n\
         [dev-dependencies]\nottavo-blocks = {{ workspace = true, features = [\"suite\"] }}\n\
         tempfile.workspace = true\ntokio.workspace = true\n\n[lints]\nworkspace = true\n"
    )
}

/// `src/lib.rs`: what is registered.
pub(crate) fn library(name: &str, contract: &Contract) -> String {
    let Contract { block, name: contract, .. } = contract;
    let driver = camel(name);
    format!(
        "//! The driver `{name}`: what it is, what holds always, and what it deliberately has not.\n\n\
         mod {block};\nmod options;\n\n\
         use std::sync::Arc;\n\n\
         use async_trait::async_trait;\nuse ottavo_blocks::{block}::{contract};\n\
         use ottavo_core::{{Result, schema}};\nuse ottavo_registry::{{Driver, OpenContext}};\n\
         use serde_json::Value;\n\nuse options::Options;\n\n\
         /// The driver `{name}`.\npub struct {driver};\n\n\
         #[async_trait]\nimpl Driver<dyn {contract}> for {driver} {{\n\
         fn name(&self) -> &'static str {{ \"{name}\" }}\n\n\
         fn schema(&self) -> Value {{ schema::of::<Options>() }}\n\n\
         async fn open(&self, _: OpenContext, table: Value) -> Result<Arc<dyn {contract}>> {{\n\
         let Options {{}} = ottavo_registry::options(table)?;\n\
         Ok(Arc::new({block}::{driver}{contract}))\n}}\n}}\n"
    )
}

/// `src/options.rs`.
pub(crate) fn options(name: &str) -> String {
    format!(
        "//! The table of `{name}` stores.\n\nuse schemars::JsonSchema;\nuse serde::Deserialize;\n\n\
         /// Each key with its meaning, unit and default: the reference page is made of this.\n\
         #[derive(Debug, Default, Deserialize, JsonSchema)]\n#[serde(deny_unknown_fields)]\n\
         pub(crate) struct Options {{}}\n"
    )
}

/// `docs.md`: the page of the reference, but for the table of options.
pub(crate) fn page(name: &str, contract: &Contract) -> String {
    let block = &contract.block;
    format!(
        "# {name}\n\nWhat it is, and for whom.\n\n```toml\n[{block}.default]\ndriver = \"{name}\"\n```\n\n\
         <!-- options -->\n\n| | |\n|---|---|\n| durable | |\n| shared between hosts | |\n\n\
         ## What to expect\n\n- When the backend is away.\n"
    )
}

/// `src/<block>.rs`: every method, none of them written.
pub(crate) fn store(name: &str, contract: &Contract) -> String {
    let Contract { block, name: of, methods, of_block, of_blocks } = contract;
    let store = format!("{}{of}", camel(name));
    let mut uses = String::new();
    for (word, path) in [("Arc", "std::sync::Arc"), ("Duration", "std::time::Duration")] {
        if contract.says(word) {
            uses += &format!("use {path};\n");
        }
    }
    uses += "use async_trait::async_trait;\n";
    if contract.says("Bytes") {
        uses += "use bytes::Bytes;\n";
    }
    if !of_blocks.is_empty() {
        uses += &format!("use ottavo_blocks::{{{}}};\n", list(of_blocks));
    }
    let mut own = of_block.clone();
    own.insert(of.clone());
    uses += &format!("use ottavo_blocks::{block}::{{{}}};\n", list(&own));
    let context = if contract.says("CallContext") { "CallContext, " } else { "" };
    uses += &format!("use ottavo_core::{{{context}Error, Kind, Result}};\n");
    let bodies: Vec<_> = methods.iter().map(|method| body(method)).collect();
    format!(
        "//! {of} on {name}.\n\n{uses}\n/// One store.\npub(crate) struct {store};\n\n\
         #[async_trait]\nimpl {of} for {store} {{\n{}\n}}\n\n\
         fn not_written(method: &str) -> Error {{\n\
         Error::new(Kind::Unsupported, format!(\"`{name}` does not know `{{method}}` yet\"))\n}}\n",
        bodies.join("\n\n")
    )
}

/// `tests/<block>.rs`.
pub(crate) fn suite(name: &str, contract: &Contract) -> String {
    let Contract { block, name: of, .. } = contract;
    let (driver, krate) = (camel(name), name.replace('-', "_"));
    format!(
        "//! The behaviour suite of {block} on the driver `{name}`.\n\n\
         use std::sync::Arc;\n\n\
         use ottavo_blocks::{block}::{of};\nuse ottavo_blocks::{block}::suite::{{self, Harness, Time}};\n\
         use ottavo_core::{{Shutdown, StoreName, SystemClock}};\nuse ottavo_driver_{krate}::{driver};\n\
         use ottavo_registry::{{Driver, OpenContext}};\nuse serde_json::json;\n\n\
         #[tokio::test]\nasync fn every_case_passes() {{\n\
         let folder = tempfile::tempdir().expect(\"a folder\");\n\
         let context = OpenContext {{\n\
         name: \"test\".parse::<StoreName>().expect(\"valid\"),\n\
         folder: folder.path().to_owned(),\n\
         clock: Arc::new(SystemClock),\nshutdown: Shutdown::new(),\n}};\n\
         let store: Arc<dyn {of}> = {driver}.open(context, json!({{}})).await.expect(\"it opens\");\n\
         let report = suite::run_all_at_once(&Harness {{ store, time: Time::Real }}).await;\n\
         assert_eq!(report.failures(), [\"\"; 0], \"\\n{{report}}\");\n}}\n"
    )
}

/// What is left to do.
pub(crate) fn next(name: &str, contract: &Contract, known: bool) -> String {
    let (block, driver, krate) = (&contract.block, camel(name), name.replace('-', "_"));
    let enrolled = match known {
        true => format!(
            "  host/drivers/{name}/src/lib.rs      mod {block}; and a second `impl Driver`\n"
        ),
        false => {
            let line = format!("ottavo-driver-{name}.workspace = true\n");
            format!(
                "  host/app/Cargo.toml                 {line}  Cargo.toml, [dev-dependencies]      {line}"
            )
        }
    };
    format!(
        "\nnext:\n{enrolled}  host/app/src/drivers.rs             catalog.{block}.add(ottavo_driver_{krate}::{driver});\n  \
         tests/conformance/{block}.rs           the same, and `{name}` in `DRIVERS`\n\
         \n  cargo test --release -p ottavo-driver-{name} --test {block}\n\
         \nuntil every case passes; docs/contributing/drivers.md says the rest"
    )
}

/// A method that is not written: its parameters unused, its answer `unsupported`, or nothing claimed.
fn body(signature: &str) -> String {
    let unused = |parameter: &str| match parameter.trim() {
        own if own.ends_with("self") => own.to_owned(),
        other => format!("_{other}"),
    };
    let (head, rest) = signature.split_once('(').unwrap_or((signature, ")"));
    let (inside, answer) = rest.rsplit_once(") ->").unwrap_or((rest, ""));
    let parameters: Vec<_> =
        split(inside).into_iter().filter(|part| !part.trim().is_empty()).map(unused).collect();
    let method = head.rsplit(' ').next().unwrap_or_default();
    let body = match answer.trim().starts_with("Result") {
        true => format!("Err(not_written(\"{method}\"))"),
        false => "&[]".to_owned(),
    };
    format!("{head}({}) -> {answer} {{ {body} }}", parameters.join(", "))
}

/// Splits at the commas that stand in no brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

fn list(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// `object-store` as `ObjectStore`.
fn camel(name: &str) -> String {
    let part = |part: &str| {
        let mut chars = part.chars();
        chars
            .next()
            .map(|first| first.to_ascii_uppercase())
            .into_iter()
            .chain(chars)
            .collect::<String>()
    };
    name.split('-').map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_without_a_body_gets_one_that_says_so() {
        let signature =
            "async fn get(\n&self,\ncx: &CallContext,\nof: Map<A, B>,\n) -> Result<Option<V>>";
        assert_eq!(
            body(signature),
            "async fn get(&self, _cx: &CallContext, _of: Map<A, B>) ->  Result<Option<V>> { Err(not_written(\"get\")) }"
        );
        assert_eq!(body("fn can(&self) -> &'static [C]"), "fn can(&self) ->  &'static [C] { &[] }");
    }

    #[test]
    fn a_name_becomes_a_type() {
        assert_eq!(camel("object-store"), "ObjectStore");
    }
}
