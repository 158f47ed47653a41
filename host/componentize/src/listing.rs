//! Names from a guest, bounded before they enter a message.

/// The longest name or text shown, in characters.
const NAME: usize = 160;
/// The most lines of a list.
const LINES: usize = 32;

/// The longest cause shown, in characters.
const CAUSE: usize = 1_000;

/// The text, cut when it is long, with spaces for control characters.
pub(crate) fn short(text: &str) -> String {
    cut(text, NAME)
}

/// What a library said was wrong, cut likewise.
pub(crate) fn cause(text: &str) -> String {
    cut(text, CAUSE)
}

fn cut(text: &str, limit: usize) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let mut out: String = text.chars().take(limit).map(visible).collect();
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

/// Names in backticks, joined by commas.
pub(crate) fn quoted<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<String> =
        names.iter().take(LINES).map(|name| format!("`{}`", short(name.as_ref()))).collect();
    match names.len().checked_sub(LINES) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}

/// One line each, indented, below a heading.
pub(crate) fn lines(heading: &str, items: &[String]) -> String {
    let mut text = heading.to_owned();
    for item in items.iter().take(LINES) {
        text.push_str("\n  ");
        text.push_str(item);
    }
    if items.len() > LINES {
        text.push_str(&format!("\n  and {} more", items.len() - LINES));
    }
    text
}
