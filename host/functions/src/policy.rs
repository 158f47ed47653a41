//! What the operator lets functions have at all, whoever deploys them.

use std::collections::BTreeMap;

use ottavo_api::Grants;
use ottavo_core::{Error, FunctionName, Kind, Result};
use ottavo_manifest::{Manifest, Subscribe, Watch};

use crate::version::asked;

/// The detail that holds what is beyond the policy, one grant a line.
const DETAIL: &str = "beyond";

/// A bound for the grants of functions.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// For functions that have none of their own. None: whatever they ask for.
    pub general: Option<Grants>,
    /// In its place, for single functions.
    pub of: BTreeMap<FunctionName, Grants>,
}

impl Policy {
    /// Fails when a manifest asks for more than the policy lets its function have.
    ///
    /// # Errors
    /// `denied` with each need that is beyond, and the lines that would allow it.
    pub(crate) fn check(&self, manifest: &Manifest) -> Result<()> {
        let (table, bound) = match (self.of.get(&manifest.name), &self.general) {
            (Some(own), _) => (format!("[policy.function.{}]", manifest.name), own),
            (None, Some(general)) => ("[policy]".to_owned(), general),
            (None, None) => return Ok(()),
        };
        let beyond = whole(manifest)?.beyond(bound).texts();
        if beyond.is_empty() {
            return Ok(());
        }
        let message = format!(
            "`{}` asks for more than `{table}` of the host's configuration allows: {}; ask for \
             less, or let the operator write there: {}",
            manifest.name,
            beyond.join(", "),
            lines(&beyond)
        );
        Err(Error::new(Kind::Denied, message).with_detail(DETAIL, beyond.join("\n")))
    }
}

/// What a manifest asks for, with what its triggers bring it.
fn whole(manifest: &Manifest) -> Result<Grants> {
    let mut grants = asked(manifest)?;
    for Subscribe { pubsub, topic, dead_letter, .. } in &manifest.subscribe {
        for topic in [Some(topic), dead_letter.as_ref()].into_iter().flatten() {
            grants.allow_key("pubsub", pubsub, topic);
        }
    }
    for Watch { config, keys, .. } in &manifest.watch {
        if keys.is_empty() {
            grants.allow("config", config.as_str())?;
        }
        for key in keys {
            match key.ends_with('*') {
                true => grants.allow("config", &format!("{config}:{key}"))?,
                false => grants.allow_key("config", config, key),
            }
        }
    }
    for binding in &manifest.binding {
        grants.allow("binding", binding.name.as_str())?;
    }
    Ok(grants)
}

/// The lines of a table that would allow these: `state = ["default"]`.
fn lines(beyond: &[String]) -> String {
    let mut blocks: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (block, text) in beyond.iter().filter_map(|text| text.split_once(' ')) {
        blocks.entry(block).or_default().push(format!("\"{text}\""));
    }
    let line = |(block, texts): (&str, Vec<String>)| format!("`{block} = [{}]`", texts.join(", "));
    blocks.into_iter().map(line).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> Manifest {
        Manifest::parse("function.toml".as_ref(), &format!("manifest = 1\nname = \"cart\"\n{text}"))
            .expect(text)
    }

    fn grants(all: &[(&'static str, &str)]) -> Grants {
        let mut grants = Grants::default();
        for (block, text) in all {
            grants.allow(block, text).expect(text);
        }
        grants
    }

    fn refused(policy: &Policy, text: &str) -> String {
        let checked = policy.check(&manifest(text));
        checked.map_or_else(|error| error.message().to_owned(), |()| String::new())
    }

    #[test]
    fn what_a_manifest_asks_for_and_is_triggered_by_is_bounded() {
        let wide =
            "[needs]\nstate = [\"default:cart/*\", \"other\"]\negress = [\"a.example.com\"]\n";
        assert_eq!(refused(&Policy::default(), wide), "");
        let all = [("state", "default"), ("pubsub", "events:orders*"), ("config", "default:max-*")];
        let policy = Policy { general: Some(grants(&all)), of: BTreeMap::new() };
        assert_eq!(refused(&policy, "[needs]\nstate = [\"default:cart/*\"]\n"), "");
        let said = refused(&policy, wide);
        for part in
            ["`[policy]`", "state other", "`egress = [\"a.example.com\"]`, `state = [\"other\"]`"]
        {
            assert!(said.contains(part), "no `{part}` in: {said}");
        }
        assert!(!said.contains("cart/*"), "{said}");

        let fine = "[[subscribe]]\npubsub = \"events\"\ntopic = \"orders\"\ndead_letter = \"orders.dead\"\n\
                    [[watch]]\nconfig = \"default\"\nkeys = [\"max-items\", \"max-a*\"]\n";
        assert_eq!(refused(&policy, fine), "");
        for (text, part) in [
            (
                "[[subscribe]]\npubsub = \"events\"\ntopic = \"pay\"\n",
                "`pubsub = [\"events:pay\"]`",
            ),
            (
                "[[subscribe]]\npubsub = \"events\"\ntopic = \"orders\"\ndead_letter = \"dead\"\n",
                "pubsub events:dead;",
            ),
            ("[[watch]]\nconfig = \"default\"\n", "`config = [\"default\"]`"),
            ("[[watch]]\nconfig = \"default\"\nkeys = [\"min\"]\n", "config default:min"),
            ("[[binding]]\nname = \"inbox\"\n", "`binding = [\"inbox\"]`"),
        ] {
            let said = refused(&policy, text);
            assert!(said.contains(part), "no `{part}` in: {said}");
        }
    }

    #[test]
    fn a_function_with_a_table_of_its_own_is_bound_by_that() {
        let of =
            BTreeMap::from([("cart".parse().expect("a name"), grants(&[("lock", "default")]))]);
        let policy = Policy { general: Some(grants(&[("state", "default")])), of };
        assert_eq!(refused(&policy, "[needs]\nlock = [\"default\"]\n"), "");
        let said = refused(&policy, "[needs]\nstate = [\"default\"]\n");
        assert!(said.contains("[policy.function.cart]"), "{said}");
    }
}
