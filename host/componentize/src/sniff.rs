//! What uploaded bytes look like when they are not WebAssembly.

use ottavo_core::{Error, Result};

/// What the first eight bytes of a WebAssembly binary announce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Module,
    Component,
}

const MAGIC: &[u8] = b"\0asm";

/// Reads the header.
///
/// # Errors
///
/// `invalid-argument` for anything else, saying what the bytes look like and what to upload.
pub(crate) fn sniff(bytes: &[u8]) -> Result<Binary> {
    match bytes.get(..8) {
        Some(b"\0asm\x01\0\0\0") => return Ok(Binary::Module),
        Some(b"\0asm\x0d\0\x01\0") => return Ok(Binary::Component),
        _ => {}
    }
    if bytes.is_empty() {
        return Err(refuse("the file is empty", "upload the `.wasm` that the build wrote"));
    }
    if bytes.starts_with(MAGIC) && bytes.len() >= 8 {
        let (version, layer) = (bytes[4], bytes[6]);
        return Err(refuse(
            &format!("the binary format is version {version}, layer {layer}"),
            "build with current tools: modules of version 1 and components of version 13 are read",
        ));
    }
    if bytes.starts_with(MAGIC) || MAGIC.starts_with(bytes) {
        return Err(refuse(
            &format!("the file ends after {} bytes", bytes.len()),
            "it was cut off: build or copy it again",
        ));
    }
    let (looks, hint) = look(bytes);
    Err(refuse(looks, hint))
}

fn refuse(looks: &str, hint: &str) -> Error {
    Error::invalid(format!("not a WebAssembly binary: {looks}; {hint}"))
}

const UPLOAD: &str = "upload the `.wasm` itself";
const NATIVE: &str = "build the function for WebAssembly: `ottavo build`";

/// First bytes, what they are, what to do.
const KNOWN: &[(&[u8], &str, &str)] = &[
    (
        b"\x7fELF",
        "it is an ELF file, a native program or an already compiled artifact (`.cwasm`)",
        "compiled artifacts are never accepted: upload the `.wasm` they were made from",
    ),
    (b"MZ", "it is a Windows program", NATIVE),
    (b"\xcf\xfa\xed\xfe", "it is a macOS program", NATIVE),
    (b"\xca\xfe\xba\xbe", "it is a macOS program or a Java class", NATIVE),
    (b"BC\xc0\xde", "it is LLVM bitcode", NATIVE),
    (
        b"!<arch>\n",
        "it is a static library",
        "build a `cdylib` (in Cargo.toml: `crate-type = [\"cdylib\"]`)",
    ),
    (b"\x1f\x8b", "it is gzip data", "unpack it and upload the `.wasm`"),
    (b"\x28\xb5\x2f\xfd", "it is zstd data", "unpack it and upload the `.wasm`"),
    (b"\xfd7zXZ\0", "it is xz data", "unpack it and upload the `.wasm`"),
    (b"PK\x03\x04", "it is a zip archive", "unpack it and upload the `.wasm`"),
    (b"#!", "it is a script", NATIVE),
];

/// What text begins with, spaces and case apart, what it is, what to do.
const TEXTS: &[(&str, &str, &str)] = &[
    ("(module", "it is WebAssembly text", "assemble it first: `wasm-tools parse`"),
    ("(component", "it is WebAssembly text", "assemble it first: `wasm-tools parse`"),
    ("<!doctype", "it is an HTML page", "the download did not give the `.wasm`"),
    ("<html", "it is an HTML page", "the download did not give the `.wasm`"),
    ("version https://git-lfs", "it is a Git LFS pointer", "fetch the file: `git lfs pull`"),
    ("{", "it is JSON text", UPLOAD),
];

fn look(bytes: &[u8]) -> (&'static str, &'static str) {
    if let Some((_, looks, hint)) = KNOWN.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return (looks, hint);
    }
    let head = &bytes[..bytes.len().min(512)];
    let start = head.trim_ascii_start();
    let begins = |text: &str| {
        start.get(..text.len()).is_some_and(|s| s.eq_ignore_ascii_case(text.as_bytes()))
    };
    if let Some((_, looks, hint)) = TEXTS.iter().find(|(text, ..)| begins(text)) {
        return (looks, hint);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return ("it is a tar archive", "unpack it and upload the `.wasm`");
    }
    // The head may end within a character.
    let text = std::str::from_utf8(head).err().is_none_or(|e| e.error_len().is_none());
    if text && !head.contains(&0) { ("it is text", UPLOAD) } else { ("it is other data", UPLOAD) }
}
