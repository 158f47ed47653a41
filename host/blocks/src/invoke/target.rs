//! Who is called: a function or an app.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use ottavo_core::{Error, FunctionName, Result};

/// The longest id of an app, in bytes.
const LONGEST: usize = 128;

/// The id of an outside app, as its operator chose it: 1 to 128 visible ASCII characters without `:`
/// and `*`. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppId(Arc<str>);

impl AppId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AppId {
    type Err = Error;

    fn from_str(text: &str) -> Result<AppId> {
        let fine = |b: u8| b.is_ascii_graphic() && !b":*\"`".contains(&b);
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(fine) {
            return Ok(AppId(Arc::from(text)));
        }
        let shown: String = text.chars().take(LONGEST).collect();
        Err(Error::invalid(format!(
            "`{}` is not an app id: use 1 to {LONGEST} visible ASCII characters without `:` and `*`",
            shown.escape_debug()
        )))
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a caller names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `fn:name`: a deployed function.
    Function(FunctionName),
    /// `app:id`: an outside app.
    App(AppId),
    /// `name`: the function of this name if there is one, else the app of this id.
    Either(AppId),
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Target> {
        match text.split_once(':') {
            Some(("fn", name)) => name.parse().map(Target::Function),
            Some(("app", id)) => id.parse().map(Target::App),
            Some(_) => {
                let shown: String = text.chars().take(LONGEST).collect();
                Err(Error::invalid(format!(
                    "`{}` is not a target: write `name`, `fn:name` for a function, or `app:id`",
                    shown.escape_debug()
                )))
            }
            None => text.parse().map(Target::Either),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Function(name) => write!(f, "fn:{name}"),
            Target::App(id) => write!(f, "app:{id}"),
            Target::Either(name) => write!(f, "{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_name_that_may_say_what_it_names() {
        for text in ["orders", "fn:orders", "app:orders", "app:Orders.v2", "Orders"] {
            let target: Target = text.parse().expect(text);
            assert_eq!(target.to_string(), text);
        }
        for wrong in ["", "fn:", "app:", "fn:Orders", "x:orders", "app:a:b", "a b", "a*", "a\0"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
        assert!("x".repeat(129).parse::<Target>().is_err());
    }
}
