//! Options of a call: pairs that steer a driver.

use ottavo_core::{Error, Result};

/// The names that every driver knows, with what they accept.
const COMMON: [(&str, &[&str]); 1] = [("consistency", &["strong", "eventual"])];

/// Pairs that steer a driver. A name without a dot is common to all drivers; `redis.maxlen` belongs
/// to one driver and is ignored by the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(Vec<(String, String)>);

impl Options {
    /// Accepts pairs from a caller.
    ///
    /// # Errors
    /// `invalid-argument` for a common name that does not exist, or a value it does not accept.
    pub fn parse(pairs: Vec<(String, String)>) -> Result<Options> {
        for (name, value) in pairs.iter().filter(|(name, _)| !name.contains('.')) {
            let Some((_, accepted)) = COMMON.iter().find(|(known, _)| known == name) else {
                return Err(unknown(name, COMMON.iter().map(|(known, _)| *known)));
            };
            if !accepted.contains(&value.as_str()) {
                return Err(Error::invalid(format!(
                    "option `{name}` is `{}`: use one of {}",
                    value.escape_debug(),
                    accepted.join(", ")
                )));
            }
        }
        Ok(Options(pairs))
    }

    /// The pairs of `driver`, without its prefix, after checking that it knows each of them.
    ///
    /// # Errors
    /// `invalid-argument` for a name of this driver that is not in `known`.
    pub fn of_driver(&self, driver: &str, known: &[&str]) -> Result<Vec<(&str, &str)>> {
        let mut own = Vec::new();
        for (name, value) in &self.0 {
            let Some(rest) = name.strip_prefix(driver).and_then(|rest| rest.strip_prefix('.'))
            else {
                continue;
            };
            if !known.contains(&rest) {
                return Err(unknown(name, known.iter().copied()));
            }
            own.push((rest, value.as_str()));
        }
        Ok(own)
    }

    /// The pairs as given.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let known: Vec<_> = known.collect();
    let hint = match known.is_empty() {
        true => "this driver has none".to_owned(),
        false => format!("known are {}", known.join(", ")),
    };
    Error::invalid(format!("unknown option `{}`: {hint}", name.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn common_options_are_checked_and_those_of_another_driver_ignored() {
        assert!(Options::parse(pairs(&[("consistency", "strong"), ("redis.maxlen", "3")])).is_ok());
        assert!(Options::parse(pairs(&[("consistency", "weak")])).is_err());
        let error = Options::parse(pairs(&[("consistent", "strong")])).expect_err("unknown name");
        assert_eq!(error.message(), "unknown option `consistent`: known are consistency");
    }

    #[test]
    fn a_driver_refuses_an_unknown_option_of_its_own() {
        let options = Options::parse(pairs(&[("redis.maxlen", "3")])).expect("valid");
        assert_eq!(options.of_driver("memory", &[]).expect("ignored"), []);
        assert_eq!(options.of_driver("redis", &["maxlen"]).expect("known"), [("maxlen", "3")]);
        assert!(options.of_driver("redis", &["minlen"]).is_err());
    }
}
