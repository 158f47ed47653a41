//! No compiled guest is committed: every `.wasm` is built from source by who needs it.

/// The findings.
pub(super) fn check(files: &[String]) -> Vec<String> {
    let compiled = |file: &&String| file.ends_with(".wasm") || file.ends_with(".cwasm");
    files
        .iter()
        .filter(compiled)
        .map(|file| format!("`{file}` is compiled code: commit its source instead"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled_guests_are_found() {
        let files = ["a/b.wasm", "c.cwasm", "docs/wasm.md"].map(ToOwned::to_owned);
        assert_eq!(check(&files).len(), 2);
    }
}
