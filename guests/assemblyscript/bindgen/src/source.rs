//! Text of AssemblyScript: indentation and comments.

/// Indents by braces and parentheses; a line that begins a comment counts for nothing.
pub(crate) fn indent(text: &str) -> String {
    let mut depth = 0usize;
    let mut indented = String::with_capacity(text.len() * 2);
    for line in text.lines().map(str::trim) {
        let comment = line.starts_with('/') || line.starts_with('*');
        if !comment && line.starts_with(['}', ')']) {
            depth = depth.saturating_sub(1);
        }
        if !line.is_empty() {
            indented.push_str(&"  ".repeat(depth));
            if line.starts_with('*') {
                indented.push(' ');
            }
            indented.push_str(line);
        }
        indented.push('\n');
        if !comment && line.ends_with(['{', '(']) {
            depth += 1;
        }
    }
    indented
}

/// A documentation comment, or nothing.
pub(crate) fn docs(contents: Option<&str>) -> String {
    let text = contents.unwrap_or_default().trim().replace("*/", "*\\/");
    let mut lines = text.lines();
    match (lines.next(), lines.next()) {
        (None, _) => String::new(),
        (Some(only), None) => format!("/** {only} */\n"),
        _ => {
            let lines: String = text.lines().map(|line| format!("* {line}\n")).collect();
            format!("/**\n{lines}*/\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_indented_by_their_braces() {
        let text = "/** a { */\nif (a) {\nb();\n} else {\nfor (;;) {\nc();\n}\n}\n";
        let expected = "/** a { */\nif (a) {\n  b();\n} else {\n  for (;;) {\n    c();\n  }\n}\n";
        assert_eq!(indent(text), expected);
    }

    #[test]
    fn documentation_cannot_end_its_comment() {
        assert_eq!(docs(None), "");
        assert_eq!(docs(Some("One */ line.")), "/** One *\\/ line. */\n");
        assert_eq!(indent(&docs(Some("a\nb"))), "/**\n * a\n * b\n */\n");
    }
}
