//! What the program weighs, and what a function does.

use std::path::Path;

use anyhow::Result;
use ottavo_test_support::{binary, not_built, program};

use crate::table::{Goal, Row, Table};

/// A function that says hello, and its program.
const FUNCTIONS: [(&str, &str); 5] = [
    ("hello in Rust", "hello-rust"),
    ("hello in AssemblyScript", "hello-assemblyscript"),
    ("hello in TinyGo", "hello-go-tinygo"),
    ("hello in standard Go", "hello-go"),
    ("hello in Rust as `wasi:http`", "hello-wasi-http"),
];

pub(crate) fn measure() -> Result<Table> {
    let mut notes =
        vec!["Functions as they are deployed. The program is as it is shipped, names of its functions included.".to_owned()];
    let mut rows = vec![weighs("the program", &binary())?];
    for (work, name) in FUNCTIONS {
        match not_built(name)? {
            Some(why) => notes.push(format!("Not measured: {work}: {why}.")),
            None => rows.push(weighs(work, &program(name)?)?),
        }
    }
    Ok(Table { title: "Size", rows, notes })
}

fn weighs(work: &str, file: &Path) -> Result<Row> {
    let kilobytes = std::fs::metadata(file)?.len() as f64 / 1e3;
    Ok(Row {
        work: work.to_owned(),
        unit: "KB",
        ours: vec![kilobytes],
        floor: None,
        goal: Goal::None,
    })
}
