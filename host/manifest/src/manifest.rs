//! The file as a whole.

use std::path::Path;

use indexmap::IndexMap;
use ottavo_core::{FunctionName, Result, schema};
use ottavo_document::{Place, Problems, Reader, Shape};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::findings::Findings;
use crate::rules::{self, Host, ManifestRules, Method};
use crate::{Binding, Build, LimitsTable, Needs, Route, Schedule, Subscribe, Watch};

/// The version of the format that this host reads.
const FORMAT: u32 = 1;

/// A function's `function.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format: `1`.
    #[schemars(range(min = 1, max = 1))]
    pub manifest: u32,
    /// The function's name, unique in a host.
    #[schemars(with = "String", extend("format" = "function-name", "examples" = ["hello"]))]
    pub name: FunctionName,
    /// One line for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How it is built.
    #[serde(default)]
    pub build: Build,
    /// Where it is reached over HTTP. None: only by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub http: Vec<HttpTrigger>,
    /// The topics whose events it receives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribe: Vec<Subscribe>,
    /// The times at which it is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<Schedule>,
    /// The configuration whose changes it receives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watch: Vec<Watch>,
    /// The bindings through which events come in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binding: Vec<Binding>,
    /// What it may reach; nothing else is.
    #[serde(default)]
    pub needs: Needs,
    /// What one call may use.
    #[serde(default)]
    pub limits: LimitsTable,
    /// Plain settings, read with `context.setting`. Not for secrets.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    pub env: IndexMap<String, String>,
}

/// One `[[http]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpTrigger {
    /// The paths it answers.
    #[schemars(with = "String", extend("format" = "route", "examples" = ["/orders/:id"]))]
    pub route: Route,
    /// The methods it answers, upper-case. None: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Method>")]
    pub methods: Vec<String>,
    /// The host name it answers, without a port. None: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Host>")]
    pub host: Option<String>,
}

impl Manifest {
    /// Reads the text of a `function.toml`, which stands in `file`.
    ///
    /// # Errors
    /// Everything that is wrong in it, with line, column, and what is accepted there.
    pub fn parse(file: &Path, text: &str) -> Result<Manifest, Problems> {
        let schema = schema::of::<Manifest>();
        let place = Place::file(file);
        let (manifest, findings) =
            Reader::new(file, text, &ManifestRules).read(|reader, root| {
                let read = reader.table(("", &place), root, Shape::of(&schema), &[]);
                // what does not fit has been said
                if reader.problems() > 0 {
                    return None;
                }
                let manifest: Manifest = match serde_json::from_value(Value::Object(read)) {
                    Ok(manifest) => manifest,
                    Err(error) => {
                        reader.report(
                            place.clone(),
                            String::new(),
                            format!("cannot be read: {error}"),
                        );
                        return None;
                    }
                };
                for (path, message) in manifest.findings().each() {
                    let there = reader.place_of(&path).or_else(|| reader.place_within(&path));
                    reader.report(there.unwrap_or_else(|| place.clone()), path, message);
                }
                Some(manifest)
            })?;
        Problems::none(findings.problems)?;
        Ok(manifest.expect("nothing is wrong with it"))
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    /// `invalid-argument` with the paths of what is wrong.
    pub fn check(&self) -> Result<()> {
        self.findings().none()
    }

    fn findings(&self) -> Findings {
        let mut found = Findings::default();
        if self.manifest != FORMAT {
            let message = format!("is {}: this host reads {FORMAT}", self.manifest);
            found.add("manifest".to_owned(), message);
        }
        for path in self.limits.zeros() {
            found.add(path.to_owned(), "is zero: nothing could run".to_owned());
        }
        for (at, trigger) in self.http.iter().enumerate() {
            trigger.check(&format!("http[{at}]"), &mut found);
        }
        self.find_events(&mut found);
        found
    }

    fn find_events(&self, found: &mut Findings) {
        for (at, subscribe) in self.subscribe.iter().enumerate() {
            let path = format!("subscribe[{at}]");
            subscribe.check(&path, found);
            if self.subscribe[..at].iter().any(|before| before.place() == subscribe.place()) {
                let (topic, pubsub) = (subscribe.topic.escape_debug(), &subscribe.pubsub);
                let message = format!("is `{topic}` of `{pubsub}` twice for one group");
                found.add(format!("{path}.topic"), message);
            }
        }
        for (at, schedule) in self.schedule.iter().enumerate() {
            let path = format!("schedule[{at}]");
            schedule.check(&path, found);
            if self.schedule[..at].iter().any(|before| before.name == schedule.name) {
                let message = format!("is `{}` twice", schedule.name.escape_debug());
                found.add(format!("{path}.name"), message);
            }
        }
        for (at, watch) in self.watch.iter().enumerate() {
            let path = format!("watch[{at}]");
            watch.check(&path, found);
            if self.watch[..at].iter().any(|before| before.place() == watch.place()) {
                let config = &watch.config;
                let message =
                    format!("is `{config}` with one scope twice: name all keys in one table");
                found.add(format!("{path}.config"), message);
            }
        }
        for (at, binding) in self.binding.iter().enumerate() {
            let path = format!("binding[{at}]");
            binding.check(&path, found);
            if self.binding[..at].iter().any(|before| before.name == binding.name) {
                found.add(format!("{path}.name"), format!("is `{}` twice", binding.name));
            }
        }
    }
}

impl HttpTrigger {
    fn check(&self, path: &str, found: &mut Findings) {
        for (at, method) in self.methods.iter().enumerate() {
            found.check(format!("{path}.methods[{at}]"), rules::method(method));
        }
        if let Some(host) = &self.host {
            found.check(format!("{path}.host"), rules::host(host));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Manifest, Problems> {
        Manifest::parse(Path::new("function.toml"), text)
    }

    #[test]
    fn a_whole_manifest_reads_and_survives_toml() {
        let text = r#"
            manifest = 1
            name = "hello"
            [build]
            language = "rust"
            [[http]]
            route = "/hello/:name"
            methods = ["GET"]
            [[subscribe]]
            pubsub = "events"
            topic = "orders.created"
            group = "billing"
            from = "oldest"
            concurrency = 4
            lease = "10s"
            max_deliveries = 5
            backoff = { first = "100ms" }
            dead_letter = "orders.dead"
            [[schedule]]
            name = "nightly"
            cron = "0 3 * * *"
            timezone = "Europe/Berlin"
            [[watch]]
            config = "settings"
            group = "limits"
            keys = ["rate", "burst/*"]
            max_deliveries = 3
            [[binding]]
            name = "inbox"
            [needs]
            state = ["orders:cart/*"]
            [limits]
            memory = "64MiB"
            cpu = "250ms"
            reuse = { calls = 100, idle = "5s" }
            [env]
            GREETING = "hi"
        "#;
        let manifest = parse(text).expect("valid");
        let again = toml::to_string(&manifest).expect("writes");
        assert_eq!(parse(&again).expect("reads back"), manifest);
    }

    fn subscribe(rest: &str) -> String {
        format!("manifest = 1\nname = \"a\"\n[[subscribe]]\npubsub = \"p\"\n{rest}")
    }

    fn binding(rest: &str) -> String {
        format!("manifest = 1\nname = \"a\"\n[[binding]]\nname = \"b\"\n{rest}")
    }

    fn watch(rest: &str) -> String {
        format!("manifest = 1\nname = \"a\"\n[[watch]]\nconfig = \"s\"\n{rest}")
    }

    fn schedule(name: &str, cron: &str) -> String {
        format!("manifest = 1\nname = \"a\"\n[[schedule]]\nname = \"{name}\"\ncron = \"{cron}\"")
    }

    #[test]
    fn mistakes_name_the_place_and_what_is_accepted() {
        let cases = [
            (
                "manifest = 1\nname = \"a\"\nneed = []",
                "3:1: `need` is unknown: use one of binding, build,",
            ),
            (
                "manifest = 2\nname = \"a\"",
                "1:1: `manifest` is 2: write a whole number from 1 to 1",
            ),
            ("manifest = 1\nname = \"A\"", "not a function name"),
            ("manifest = 1\nname = \"a\"\n[limits]\ncpu = \"0s\"", "4:1: `limits.cpu` is zero"),
            (
                "manifest = 1\nname = \"a\"\n[limits]\nreuse = { calls = 0 }",
                "4:11: `limits.reuse.calls` is 0: write a whole number from 1",
            ),
            ("manifest = 1\nname = \"a\"\n[[http]]\nroute = \"x\"", "does not begin with `/`"),
            (
                "manifest = 1\nname = \"a\"\n[[http]]\nroute = \"/\"\nmethods = [\"get\"]",
                "like `GET`",
            ),
            (&subscribe("topic = \"\""), "`subscribe[0].topic` is ``"),
            (&subscribe("topic = \"t\"\ndead_letter = \"t\""), "the topic itself"),
            (&subscribe("topic = \"t\"\nconcurrency = 0"), "a whole number from 1 to 1000"),
            (
                &subscribe("topic = \"t\"\nlease = \"1ms\""),
                "6:1: `subscribe[0].lease` is 1ms: use 1s to 1h",
            ),
            (&subscribe("topic = \"t\"\nmax_deliveries = 0"), "a whole number from 1"),
            (&subscribe("topic = \"t\"\nbackoff = { first = \"1h\" }"), "at most `most`"),
            (&subscribe("topic = \"t\"\n[[subscribe]]\npubsub = \"p\"\ntopic = \"t\""), "twice"),
            (&schedule("A", "@daily"), "`schedule[0].name` is `A`"),
            (&schedule("a", "never"), "`never` is not a cron expression"),
            (&schedule("a", "0 0 31 4 *"), "never comes"),
            (&binding("max_deliveries = 0"), "a whole number from 1"),
            (&binding("[[binding]]\nname = \"b\""), "6:1: `binding[1].name` is `b` twice"),
            (&watch("group = \"|a\""), "5:1: `watch[0].group` is `|a`"),
            (&watch("keys = [\"\"]"), "5:9: `watch[0].keys[0]` is ``"),
            (&watch("max_deliveries = 0"), "a whole number from 1"),
            (&watch("label = \"default\"\n[[watch]]\nconfig = \"s\""), "twice"),
        ];
        for (text, expected) in cases {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
