//! One file of tokens.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::stamp::Stamp;

/// The shortest token: 32 random letters and digits cannot be guessed.
const SHORTEST: usize = 32;

/// The longest token.
const LONGEST: usize = 512;

/// The most tokens of a file: each is compared with whatever a client shows.
const MOST: usize = 64;

/// The largest file, in bytes.
const LARGEST: u64 = 64 << 10;

/// The bits of a file's mode with which somebody else reaches it.
const OTHERS: u32 = 0o077;

/// One token, as it is kept: its digest.
#[derive(Clone)]
pub(crate) struct Token {
    /// The word before it on its line.
    pub(crate) name: Option<Arc<str>>,
    pub(crate) digest: [u8; 32],
}

/// The tokens of a file: one a line, with a name before it if one is wanted. Empty lines and those
/// that begin with `#` do not count.
#[derive(Clone)]
pub struct TokenFile {
    pub(crate) tokens: Vec<Token>,
    pub(crate) stamp: Stamp,
    mode: u32,
}

impl TokenFile {
    /// Reads it. Blocks.
    ///
    /// # Errors
    /// What is wrong with it, without anything that stands in it.
    pub fn read(path: &Path) -> Result<TokenFile, String> {
        let shown = path.display();
        let fail = |error: io::Error| format!("cannot read `{shown}`: {error}");
        // opening a pipe would wait for its writer
        if !path.metadata().map_err(fail)?.is_file() {
            return Err(format!("cannot read `{shown}`: it is not a file"));
        }
        let file = File::open(path).map_err(fail)?;
        let about = file.metadata().map_err(fail)?;
        let mut bytes = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(fail)?;
        if bytes.len() as u64 > LARGEST {
            return Err(format!("`{shown}` has more than {LARGEST} bytes"));
        }
        let text = String::from_utf8(bytes).map_err(|_| format!("`{shown}` is not text"))?;
        let tokens = parse(&text).map_err(|error| format!("`{shown}` {error}"))?;
        Ok(TokenFile { tokens, stamp: Stamp::of(&about), mode: about.permissions().mode() })
    }

    /// What should be better, though it works.
    pub fn warning(&self, path: &Path) -> Option<String> {
        let path = path.display();
        (self.mode & OTHERS != 0).then(|| {
            format!("`{path}` may be opened by others on this machine: `chmod 600 {path}` keeps it to this user")
        })
    }
}

fn parse(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens: Vec<Token> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |what: String| format!("line {}: {what}", at + 1);
        let (name, token) = match line.split_once(char::is_whitespace) {
            Some((name, token)) => (Some(Arc::from(name)), token.trim_start()),
            None => (None, line),
        };
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            let form =
                "write one token of visible ASCII characters, or a name, a space and a token";
            return Err(wrong(form.to_owned()));
        }
        let length = token.len();
        if !(SHORTEST..=LONGEST).contains(&length) {
            let made = "`openssl rand -hex 32` makes one";
            return Err(wrong(format!(
                "has a token of {length} characters: use {SHORTEST} to {LONGEST}; {made}"
            )));
        }
        let digest = Sha256::digest(token).into();
        if tokens.iter().any(|known| known.digest == digest) {
            return Err(wrong("has a token that stands above already".to_owned()));
        }
        tokens.push(Token { name, digest });
    }
    match tokens.len() {
        0 => Err("has no token: write one a line".to_owned()),
        1..=MOST => Ok(tokens),
        many => Err(format!("has {many} tokens: use up to {MOST}")),
    }
}

/// The token of an `authorization` field: `Bearer TOKEN`.
pub fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"bearer ") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0123456789abcdef0123456789abcdef";

    fn refused(text: &str, part: &str) {
        let error = parse(text).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert!(error.contains(part), "no `{part}` in: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_line_is_a_token_with_or_without_its_name() {
        let text = format!("# rotated in june\n\n  {ONE}-a \nci  {ONE}-b\r\n");
        let tokens = parse(&text).unwrap();
        let names: Vec<_> = tokens.iter().map(|token| token.name.as_deref()).collect();
        assert_eq!(names, [None, Some("ci")]);
        assert_eq!(tokens[1].digest[..], Sha256::digest(format!("{ONE}-b"))[..]);
    }

    #[test]
    fn what_is_no_token_is_refused_without_being_told() {
        refused("", "no token");
        refused("# only a comment\n", "no token");
        refused("hunter2\n", "line 1: has a token of 7 characters");
        refused(&format!("hunter2{}", "x".repeat(600)), "has a token of 607");
        refused(&format!("{ONE}\na b hunter2\n"), "line 2: write one token");
        refused(&format!("ä{ONE}hunter2"), "visible ASCII");
        refused(&format!("{ONE}\nci {ONE}\n"), "line 2: has a token that stands above");
        let many: String = (0..65).map(|n| format!("{ONE}{n}\n")).collect();
        refused(&many, "has 65 tokens");
    }

    #[test]
    fn a_bearer_is_said_in_any_case() {
        assert_eq!(bearer(b"Bearer abc"), Some(&b"abc"[..]));
        assert_eq!(bearer(b"bEARER  abc "), Some(&b"abc"[..]));
        for bad in ["", "Bearer", "Bearer ", "Basic abc", "Bearerabc"] {
            assert_eq!(bearer(bad.as_bytes()), None, "{bad}");
        }
    }
}
