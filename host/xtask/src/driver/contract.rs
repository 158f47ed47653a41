//! What a block asks of a driver, read from the source of its trait.
//!
//! It reads the style in which `host/blocks` is written, and no more of Rust.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// A block's trait.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contract {
    pub(crate) block: String,
    /// The trait's name.
    pub(crate) name: String,
    /// The methods without a default, each as its signature.
    pub(crate) methods: Vec<String>,
    /// What the signatures need of the block's module.
    pub(crate) of_block: BTreeSet<String>,
    /// What they need of `ottavo_blocks`.
    pub(crate) of_blocks: BTreeSet<String>,
}

impl Contract {
    /// Reads the contract of a block.
    ///
    /// # Errors
    /// With the names of the blocks that exist, when there is no such block.
    pub(crate) fn read(sources: &Path, block: &str) -> Result<Contract> {
        let all = fs::read_to_string(sources.join("lib.rs")).context("read the list of blocks")?;
        let blocks = blocks(&all);
        let Some((_, name)) = blocks.iter().find(|(known, _)| known == block) else {
            let known: Vec<_> = blocks.iter().map(|(block, _)| block.as_str()).collect();
            bail!("there is no block `{block}`: use one of {}", known.join(", "));
        };
        let text = fs::read_to_string(sources.join(format!("{block}.rs")))
            .with_context(|| format!("read the contract of `{block}`"))?;
        Contract::parse(block, name, &text, &all)
    }

    fn parse(block: &str, name: &str, text: &str, all: &str) -> Result<Contract> {
        let begins = format!("pub trait {name}: ");
        let at = text.find(&begins).with_context(|| format!("`{block}` has no trait `{name}`"))?;
        let body = &text[at + text[at..].find('{').context("a trait has a body")? + 1..];
        let methods = methods(&without_docs(body));
        let words: BTreeSet<String> = methods.iter().flat_map(|method| words(method)).collect();
        let (own, common) = (exported(text), exported(all));
        let of_block = words.intersection(&own).cloned().collect();
        let of_blocks = words.difference(&own).filter(|word| common.contains(*word)).cloned();
        let of_blocks = of_blocks.collect();
        let (block, name) = (block.to_owned(), name.to_owned());
        Ok(Contract { block, name, methods, of_block, of_blocks })
    }

    /// Whether a word stands in a signature.
    pub(crate) fn says(&self, word: &str) -> bool {
        self.methods.iter().any(|method| words(method).any(|found| found == word))
    }
}

/// Each block and its trait, as `each_block!` lists them.
fn blocks(text: &str) -> Vec<(String, String)> {
    let list = text.split("$callback! {").nth(1).and_then(|rest| rest.split('}').next());
    let pair = |pair: &str| {
        let (block, name) = pair.split_once("=>")?;
        Some((block.trim().to_owned(), name.trim().to_owned()))
    };
    list.unwrap_or_default().split(',').filter_map(pair).collect()
}

fn without_docs(text: &str) -> String {
    let code = |line: &&str| !line.trim_start().starts_with("//");
    text.lines().filter(code).map(|line| format!("{line}\n")).collect()
}

/// The signatures that end in `;`, up to the end of the trait.
fn methods(body: &str) -> Vec<String> {
    let (mut methods, mut current, mut depth) = (Vec::new(), String::new(), 0_u32);
    for c in body.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    // it had a default
                    current.clear();
                }
            }
            ';' if depth == 0 => methods.push(std::mem::take(&mut current).trim().to_owned()),
            c if depth == 0 => current.push(c),
            _ => {}
        }
    }
    methods
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(move |c| !word(c)).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// The names that a module exports.
fn exported(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for part in text.split("pub use ").skip(1) {
        let list = part.split(';').next().unwrap_or_default();
        names.extend(words(list.rsplit("::").next().unwrap_or(list)));
    }
    for sort in ["pub struct ", "pub enum ", "pub trait "] {
        names.extend(text.split(sort).skip(1).filter_map(|part| words(part).next()));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: &str =
        "pub use key::{Etag, Key};\nmacro { $callback! { state => State, lock => Lock } }";
    const LOCK: &str = "\
        pub use types::{Capability, Lease};\n\
        #[async_trait]\n\
        pub trait Lock: Send {\n\
            /// What it can; and more.\n\
            fn capabilities(&self) -> &'static [Capability];\n\
            async fn health(&self) -> Result<()> {\n Ok(())\n }\n\
            async fn take(\n&self,\nkey: &Key,\n) -> Result<Option<Lease>>;\n\
        }\n\
        pub trait Other { fn none(&self); }";

    #[test]
    fn what_has_no_default_is_asked_for() {
        let contract = Contract::parse("lock", "Lock", LOCK, LIB).unwrap();
        let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(contract.methods.len(), 2);
        assert!(contract.methods[1].starts_with("async fn take("), "{contract:?}");
        assert_eq!(contract.of_block, set(&["Capability", "Lease"]));
        assert_eq!(contract.of_blocks, set(&["Key"]));
        assert!(!contract.says("none"));
    }

    #[test]
    fn blocks_are_listed_by_name() {
        let names: Vec<_> = blocks(LIB).into_iter().map(|(block, _)| block).collect();
        assert_eq!(names, ["state", "lock"]);
    }
}
