//! Lists the recipes of the guest languages, `guests/*/guest.toml`, so that the binary carries them
//! and a new language is a new folder and nothing else.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

/// From this crate's folder, where cargo runs a build script: no path of one checkout is kept, so
/// that another may use the same target folder.
const GUESTS: &str = "../../guests";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={GUESTS}");
    let mut recipes = Vec::new();
    for entry in std::fs::read_dir(GUESTS)? {
        let recipe = entry?.path().join("guest.toml");
        if recipe.is_file() {
            println!("cargo::rerun-if-changed={}", recipe.display());
            recipes.push(recipe);
        }
    }
    recipes.sort();
    let mut code = String::from("&[\n");
    for recipe in recipes {
        writeln!(code, "    {:?},", std::fs::read_to_string(recipe)?)?;
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
