//! Bindings of `guests/tinygo` from `wit/`, so that a function needs no generator to build.
//!
//! One module serves standard Go and TinyGo, so what `wit-bindgen` makes is changed in a few places:
//! its support packages are our own, what the host wrote is copied before its memory is used again,
//! and the file of the exports comes once for each compiler. Nothing of it is seen by a function.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_go::{Format, Opts};

use crate::File;

/// The module's folder, and its name in imports.
const FOLDER: &str = "guests/tinygo";
const MODULE: &str = "ottavo.dev/ottavo";

/// The one file that both compilers cannot share.
const EXPORTS: &str = "wit_exports/wit_exports.go";

/// What the generator writes, and what stands there instead.
const CHANGES: &[(&str, &str)] = &[
    ("\"go.bytecodealliance.org/pkg/wit/", "\"ottavo.dev/ottavo/internal/wit/"),
    // TinyGo has no pinner; and the space of what an import returns is free once that is lifted
    ("pinner := &runtime.Pinner{}\n", "pinner := witRuntime.Enter()\n"),
    ("defer pinner.Unpin()\n", "defer witRuntime.Leave(pinner)\n"),
    ("runtime.Pinner{}", "witRuntime.Pinner{}"),
    // not in every TinyGo, and no business of the collector's: a resource is dropped where it ends
    ("runtime.AddCleanup(", "witRuntime.AddCleanup("),
    // copies, where the generator points into what the host wrote
    ("unsafe.String((*", "witRuntime.String((*"),
    ("unsafe.Slice((*", "witRuntime.Slice((*"),
    ("witRuntime.Unpin()\n", "witRuntime.Lifted()\n"),
    ("syncExportPinner.Unpin()\n", "syncExportPinner.Unpin()\nwitRuntime.Returned()\n"),
    // as wide as the value: four bytes may reach beyond the end of memory (unsigned first: the
    // other's name ends its own)
    ("uint8(*(*uint32)(", "uint8(*(*uint8)("),
    ("int8(*(*uint32)(", "int8(*(*int8)("),
    ("uint16(*(*uint32)(", "uint16(*(*uint16)("),
    ("int16(*(*uint32)(", "int16(*(*int16)("),
];

/// TinyGo starts a goroutine for a `go:wasmexport`, which costs more than what is done here.
const TINYGO_CHANGES: &[(&str, &str)] = &[("//go:wasmexport cabi_post_", "//export cabi_post_")];

/// The generated files.
pub(crate) fn files(root: &Path) -> Result<Vec<File>> {
    let mut resolve = Resolve::default();
    let wit = root.join("wit");
    let (package, _) = resolve
        .push_path(&wit)
        .with_context(|| format!("reading the WIT package in `{}`", wit.display()))?;
    let world = resolve.select_world(&[package], Some("function"))?;
    let mut made = Files::default();
    options().build().generate(&mut resolve, world, &mut made)?;
    let mut files = Vec::new();
    for (path, text) in made.iter().filter(|(path, _)| path.ends_with(".go")) {
        let text = std::str::from_utf8(text).context("the generated text is not UTF-8")?;
        let text = changed(&done_with_lists(text), CHANGES);
        let path = Path::new(FOLDER).join("internal/bindings").join(path);
        if path.ends_with(EXPORTS) {
            let tinygo = changed(&text, TINYGO_CHANGES);
            files.push((beside(&path, "_tinygo"), finished("wasm && tinygo", &tinygo)?));
            files.push((path, finished("wasm && !tinygo", &text)?));
        } else {
            files.push((path, finished("wasm", &text)?));
        }
    }
    ensure!(!files.is_empty(), "the generator made no file");
    files.sort();
    Ok(files)
}

fn options() -> Opts {
    Opts {
        // it would take unformatted text for formatted when there is no `gofmt`
        format: Format::False,
        pkg_name: Some(format!("{MODULE}/internal/bindings")),
        export_pkg_name: Some(format!("{MODULE}/internal/exports")),
        ..Opts::default()
    }
}

fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Says, after each list that is lifted one element after the other, that its memory is free.
///
/// Such a list is a loop of the generator's that appends to the name it has just made.
fn done_with_lists(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lengths = HashMap::new();
    let mut pointers: HashMap<&str, &str> = HashMap::new();
    let mut made = None;
    let mut appended = None;
    for line in text.lines() {
        out.push_str(line);
        out.push('\n');
        let line = line.trim();
        if let Some((name, rest)) = line.split_once(" := make([]") {
            let length = rest.rsplit_once(", 0, ").and_then(|(_, rest)| rest.strip_suffix(')'));
            lengths.extend(length.map(|length| (name, length)));
            made = Some(name);
        } else if let Some(rest) = line.strip_prefix("base := unsafe.Add(unsafe.Pointer(") {
            let pointer = rest.rsplit_once("), index *").map(|(pointer, _)| pointer);
            pointers.extend(made.take().zip(pointer));
        } else if line == "}"
            && let Some((pointer, length)) =
                appended.and_then(|name: &str| Some((pointers.get(name)?, lengths.get(name)?)))
        {
            out.push_str(&format!("witRuntime.Done(unsafe.Pointer({pointer}), {length})\n"));
        }
        appended = line.split_once(" = append(").map(|(name, _)| name);
    }
    out
}

/// `a/b.go` with `suffix` `_c` is `a/b_c.go`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}{suffix}.go"))
}

/// For whom the file is, and the text as Go people format it.
fn finished(builds: &str, text: &str) -> Result<String> {
    // the imports of Go's own `runtime` served the pinner alone
    let text = text.replace("\"runtime\"\n", "");
    gofmt(&format!("//go:build {builds}\n\n{text}"))
}

fn gofmt(text: &str) -> Result<String> {
    let mut gofmt = Command::new("gofmt")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("running `gofmt`: install Go from https://go.dev/dl")?;
    let mut input = gofmt.stdin.take().context("`gofmt` has no input")?;
    // it reads all before it writes
    input.write_all(text.as_bytes()).context("writing to `gofmt`")?;
    drop(input);
    let output = gofmt.wait_with_output().context("reading from `gofmt`")?;
    ensure!(output.status.success(), "`gofmt` refuses the generated code");
    String::from_utf8(output.stdout).context("the formatted text is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_compiler_gets_its_exports_and_both_share_the_rest() {
        let files = files(&crate::root().unwrap()).unwrap();
        let names: Vec<_> =
            files.iter().map(|(path, _)| path.file_name().unwrap().to_str().unwrap()).collect();
        let count = |name| names.iter().filter(|known| **known == name).count();
        assert_eq!(count("wit_exports.go"), 1);
        assert_eq!(count("wit_exports_tinygo.go"), 1);
        assert_eq!(count("wit_bindings.go"), files.len() - 2);
        for (path, text) in &files {
            assert!(!text.contains("bytecodealliance"), "{}", path.display());
            assert!(!text.contains("unsafe.String((") && !text.contains("unsafe.Slice(("));
            assert!(!text.contains(" runtime.") && !text.contains("&runtime."));
            let exports = text.contains("//go:wasmexport cabi_post_");
            assert_eq!(exports, path.ends_with(EXPORTS), "{}", path.display());
        }
    }

    #[test]
    fn a_list_is_done_with_after_its_last_element() {
        let lifted = "\
result := make([]string, 0, length)
for index := 0; index < int(length); index++ {
        base := unsafe.Add(unsafe.Pointer(list), index * 8)
result = append(result, value)
}
";
        let done = done_with_lists(lifted);
        assert_eq!(done, format!("{lifted}witRuntime.Done(unsafe.Pointer(list), length)\n"));
        assert_eq!(done_with_lists("x = append(x, y)\n}\n"), "x = append(x, y)\n}\n");
    }
}
