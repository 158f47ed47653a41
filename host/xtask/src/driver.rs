//! `new driver NAME BLOCK`: a folder that compiles and fails its suite, from where its author goes on.

mod contract;
mod files;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use self::contract::Contract;
use crate::place::Place;
use crate::{process, say};

/// Writes a driver, or another block of a driver that exists, and says what is left to write by hand.
pub(crate) fn write(place: &Place, name: &str, block: &str) -> Result<()> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fine) {
        bail!(
            "`{name}` is not the name of a driver: use a-z, 0-9 and `-`, beginning with a letter"
        );
    }
    let contract = Contract::read(&place.root.join("host/blocks/src"), block)?;
    let folder = place.root.join("host/drivers").join(name);
    let known = folder.exists();
    let mut files = vec![
        (format!("src/{block}.rs"), files::store(name, &contract)),
        (format!("tests/{block}.rs"), files::suite(name, &contract)),
    ];
    if !known {
        files.push(("Cargo.toml".to_owned(), files::manifest(name, &contract)));
        files.push(("src/lib.rs".to_owned(), files::library(name, &contract)));
        files.push(("src/options.rs".to_owned(), files::options(name)));
        files.push(("docs.md".to_owned(), files::page(name, &contract)));
    }
    for (file, _) in &files {
        if folder.join(file).exists() {
            bail!("`host/drivers/{name}/{file}` is there already: remove it, or edit it");
        }
    }
    for (file, text) in &files {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().context("a file has a folder")?)?;
        fs::write(&file, text).with_context(|| format!("write `{}`", file.display()))?;
    }
    for (file, _) in files {
        let file = folder.join(file);
        if file.extension().is_some_and(|extension| extension == "rs") {
            process::quietly(Command::new("rustfmt").args(["--edition", "2024"]).arg(&file))?;
        }
        say::line(format!("wrote {}", shown(&place.root, &file)));
    }
    if !known {
        enrol(&place.root.join("Cargo.toml"), name)?;
        say::line("added it to Cargo.toml");
    }
    say::line(files::next(name, &contract, known));
    Ok(())
}

/// Adds the crate to the members and to the dependencies of the workspace.
fn enrol(manifest: &Path, name: &str) -> Result<()> {
    let text = fs::read_to_string(manifest)?;
    let member = |line: &str| line.trim().starts_with("\"host/drivers/");
    let dependency = |line: &str| line.starts_with("ottavo-driver-");
    let text = insert(&text, member, &format!("    \"host/drivers/{name}\","))
        .and_then(|text| {
            let line = format!("ottavo-driver-{name} = {{ path = \"host/drivers/{name}\" }}");
            insert(&text, dependency, &line)
        })
        .context("Cargo.toml has no line of another driver")?;
    fs::write(manifest, text).context("write Cargo.toml")
}

/// Puts a line among the first run of lines of its sort, in order.
fn insert(text: &str, of_its_sort: impl Fn(&str) -> bool, line: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| of_its_sort(line))?;
    let run = lines[first..].iter().take_while(|line| of_its_sort(line)).count();
    let place = lines[first..first + run].iter().position(|before| *before > line).unwrap_or(run);
    let mut lines = lines;
    lines.insert(first + place, line);
    Some(lines.join("\n") + "\n")
}

fn shown(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_among_its_sort_in_order() {
        let text = "x\nd-a\nd-c\ny\nd-z\n";
        let added = |line| insert(text, |line| line.starts_with("d-"), line);
        assert_eq!(added("d-b").as_deref(), Some("x\nd-a\nd-b\nd-c\ny\nd-z\n"));
        assert_eq!(added("d-d").as_deref(), Some("x\nd-a\nd-c\nd-d\ny\nd-z\n"));
        assert_eq!(insert("x\n", |_| false, "d"), None);
    }
}
