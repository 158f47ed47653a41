//! Lists the recipes of the guest languages, `guests/*/guest.toml`, so that the binary carries them
//! and a new language is a new folder and nothing else.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests");
    println!("cargo::rerun-if-changed={}", guests.display());
    let mut recipes = Vec::new();
    for entry in std::fs::read_dir(&guests)? {
        let recipe = entry?.path().join("guest.toml");
        if recipe.is_file() {
            println!("cargo::rerun-if-changed={}", recipe.display());
            recipes.push(recipe);
        }
    }
    recipes.sort();
    let mut code = String::from("&[\n");
    for recipe in recipes {
        writeln!(code, "    include_str!({:?}),", recipe.canonicalize()?)?;
    }
    code.push_str("]\n");
    std::fs::write(out_dir()?.join("recipes.rs"), code)?;
    Ok(())
}

fn out_dir() -> Result<PathBuf, Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script by environment")]
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets `OUT_DIR`")?;
    Ok(PathBuf::from(folder))
}
