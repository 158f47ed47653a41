//! `[needs] invoke`: which functions and apps may be called.

use ottavo_blocks::invoke::Target;
use ottavo_core::{Error, Result};

/// The functions and apps that a caller may call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvokeGrant(Vec<Pattern>);

/// One grant, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    what: What,
    /// Without its star.
    name: String,
    /// Whether it ends with a star.
    open: bool,
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Function,
    App,
    Either,
}

impl InvokeGrant {
    /// Adds a grant of the form `[fn:|app:]name` or `[fn:|app:]prefix*`.
    ///
    /// # Errors
    /// `invalid-argument` that says which form is expected.
    pub(crate) fn allow(&mut self, text: &str) -> Result<()> {
        let pattern = Pattern::parse(text).ok_or_else(|| {
            Error::invalid(format!(
                "`{}` is not an invoke grant: write `name`, `fn:name` for a function, `app:id` for \
                 an app, or one of them with `*` at its end",
                text.escape_debug()
            ))
        })?;
        self.0.push(pattern);
        Ok(())
    }

    /// Whether the function of this name may be called.
    pub(crate) fn covers_function(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| pattern.covers(What::Function, name))
    }

    /// Whether the app of this id may be called.
    pub(crate) fn covers_app(&self, id: &str) -> bool {
        self.0.iter().any(|pattern| pattern.covers(What::App, id))
    }

    /// What of this grant `before` does not cover.
    pub(crate) fn beyond(&self, before: &InvokeGrant) -> InvokeGrant {
        let within = |new: &Pattern| {
            let has = |what| before.0.iter().any(|old| old.includes(what, new));
            match new.what {
                What::Either => has(What::Function) && has(What::App),
                what => has(what),
            }
        };
        let mut beyond: Vec<Pattern> = Vec::new();
        for pattern in self.0.iter().filter(|pattern| !within(pattern)) {
            if !beyond.contains(pattern) {
                beyond.push(pattern.clone());
            }
        }
        InvokeGrant(beyond)
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// Each grant by itself: `invoke fn:orders`.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|pattern| format!("invoke {}", pattern.text()))
    }
}

impl Pattern {
    fn parse(text: &str) -> Option<Pattern> {
        let (what, rest) = match text.split_once(':') {
            Some(("fn", rest)) => (What::Function, rest),
            Some(("app", rest)) => (What::App, rest),
            Some(_) => return None,
            None => (What::Either, text),
        };
        let (name, open) = match rest.strip_suffix('*') {
            Some(prefix) => (prefix, true),
            None => (rest, false),
        };
        let prefix = match what {
            What::Function => "fn:",
            What::App => "app:",
            What::Either => "",
        };
        // a prefix is a name that is not complete
        let probe = if open { format!("{prefix}{name}0") } else { text.to_owned() };
        probe.parse::<Target>().ok()?;
        Some(Pattern { what, name: name.to_owned(), open })
    }

    fn covers(&self, what: What, name: &str) -> bool {
        let named = if self.open { name.starts_with(&self.name) } else { name == self.name };
        named && (self.what == What::Either || self.what == what)
    }

    /// Whether it covers all that `other` covers of `what`.
    fn includes(&self, what: What, other: &Pattern) -> bool {
        (self.open || !other.open) && self.covers(what, &other.name)
    }

    fn text(&self) -> String {
        let what = match self.what {
            What::Function => "fn:",
            What::App => "app:",
            What::Either => "",
        };
        format!("{what}{}{}", self.name, if self.open { "*" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(texts: &[&str]) -> InvokeGrant {
        let mut grant = InvokeGrant::default();
        for text in texts {
            grant.allow(text).expect(text);
        }
        grant
    }

    #[test]
    fn what_is_not_named_is_denied() {
        let some = grant(&["billing", "fn:ship-*", "app:orders"]);
        assert!(some.covers_function("billing") && some.covers_app("billing"));
        assert!(some.covers_function("ship-it") && !some.covers_app("ship-it"));
        assert!(some.covers_app("orders") && !some.covers_function("orders"));
        assert!(!some.covers_function("billing2") && !some.covers_function("ship"));
        assert!(!grant(&[]).covers_function("billing"));
        assert!(grant(&["*"]).covers_function("x") && grant(&["fn:*"]).covers_function("x"));
    }

    #[test]
    fn another_form_is_refused() {
        for bad in ["", "fn:", "x:y", "a*b", "fn:Up", "**", "app:a:b", "a b"] {
            assert!(InvokeGrant::default().allow(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_goes_beyond_is_what_was_not_covered() {
        for (before, after, beyond) in [
            (&[] as &[&str], &["a"] as &[&str], &["invoke a"] as &[&str]),
            (&["a"], &["a", "fn:a", "app:a"], &[]),
            (&["fn:a"], &["a"], &["invoke a"]),
            (&["fn:a", "app:a"], &["a"], &[]),
            (&["a*"], &["ab", "ab*", "fn:a*"], &[]),
            (&["ab"], &["ab*"], &["invoke ab*"]),
            (&["fn:*"], &["app:x", "fn:x"], &["invoke app:x"]),
        ] {
            let found: Vec<_> = grant(after).beyond(&grant(before)).texts().collect();
            assert_eq!(found, beyond, "{before:?} then {after:?}");
        }
    }
}
