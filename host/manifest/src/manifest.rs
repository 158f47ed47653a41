//! The file as a whole.

use indexmap::IndexMap;
use ottavo_core::{Error, FunctionName, Result};
use serde::{Deserialize, Serialize};

use crate::{Build, LimitsTable, Needs, Route, Schedule, Subscribe, Watch};

/// The version of the format that this host reads.
const FORMAT: u32 = 1;

/// A function's `function.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format: `1`.
    pub manifest: u32,
    /// The function's name, unique in a host.
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
    /// What it may reach; nothing else is.
    #[serde(default)]
    pub needs: Needs,
    /// What one call may use.
    #[serde(default)]
    pub limits: LimitsTable,
    /// Plain settings, read with `context.setting`. Not for secrets.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub env: IndexMap<String, String>,
}

/// One `[[http]]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTrigger {
    /// The paths it answers.
    pub route: Route,
    /// The methods it answers, upper-case. None: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    /// The host name it answers, without a port. None: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
}

impl Manifest {
    /// Reads the text of a `function.toml`.
    ///
    /// # Errors
    /// `invalid-argument` with line, column, and what is accepted there.
    pub fn parse(text: &str) -> Result<Manifest> {
        let manifest: Manifest =
            toml::from_str(text).map_err(|error| Error::invalid(error.to_string()))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    /// `invalid-argument` with the path of what is wrong.
    pub fn check(&self) -> Result<()> {
        if self.manifest != FORMAT {
            let found = self.manifest;
            return Err(Error::invalid(format!("`manifest` is {found}: this host reads {FORMAT}")));
        }
        if let Some(path) = self.limits.zeros().first() {
            return Err(Error::invalid(format!("`{path}` is zero: nothing could run")));
        }
        for trigger in &self.http {
            trigger.check()?;
        }
        self.check_events()
    }

    fn check_events(&self) -> Result<()> {
        for (at, subscribe) in self.subscribe.iter().enumerate() {
            subscribe.check()?;
            if self.subscribe[..at].iter().any(|before| before.place() == subscribe.place()) {
                let (topic, pubsub) = (subscribe.topic.escape_debug(), &subscribe.pubsub);
                return Err(Error::invalid(format!(
                    "`subscribe` has the topic `{topic}` of `{pubsub}` twice for one group"
                )));
            }
        }
        for (at, schedule) in self.schedule.iter().enumerate() {
            schedule.check()?;
            if self.schedule[..at].iter().any(|before| before.name == schedule.name) {
                let name = &schedule.name;
                return Err(Error::invalid(format!("`schedule.name` is `{name}` twice")));
            }
        }
        for (at, watch) in self.watch.iter().enumerate() {
            watch.check()?;
            if self.watch[..at].iter().any(|before| before.place() == watch.place()) {
                let config = &watch.config;
                return Err(Error::invalid(format!(
                    "`watch` has one scope of `{config}` twice: name all keys in one table"
                )));
            }
        }
        Ok(())
    }
}

impl HttpTrigger {
    fn check(&self) -> Result<()> {
        let token =
            |m: &str| !m.is_empty() && m.bytes().all(|b| b.is_ascii_uppercase() || b == b'-');
        if let Some(bad) = self.methods.iter().find(|m| !token(m)) {
            let (bad, route) = (bad.escape_debug(), &self.route);
            let error = format!("method `{bad}` of route `{route}`: write it like `GET`");
            return Err(Error::invalid(error));
        }
        match &self.host {
            Some(host) if host.is_empty() || host.contains([':', '/', ' ']) => {
                let host = host.escape_debug();
                Err(Error::invalid(format!("host `{host}`: write a name without scheme and port")))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            [needs]
            state = ["orders:cart/*"]
            [limits]
            memory = "64MiB"
            cpu = "250ms"
            reuse = { calls = 100, idle = "5s" }
            [env]
            GREETING = "hi"
        "#;
        let manifest = Manifest::parse(text).expect("valid");
        let again = toml::to_string(&manifest).expect("writes");
        assert_eq!(Manifest::parse(&again).expect("reads back"), manifest);
    }

    fn subscribe(rest: &str) -> String {
        format!("manifest = 1\nname = \"a\"\n[[subscribe]]\npubsub = \"p\"\n{rest}")
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
            ("manifest = 1\nname = \"a\"\nneed = []", "unknown field `need`"),
            ("manifest = 2\nname = \"a\"", "this host reads 1"),
            ("manifest = 1\nname = \"A\"", "not a function name"),
            ("manifest = 1\nname = \"a\"\n[limits]\ncpu = \"0s\"", "`limits.cpu` is zero"),
            (
                "manifest = 1\nname = \"a\"\n[limits]\nreuse = { calls = 0 }",
                "`limits.reuse.calls` is zero",
            ),
            ("manifest = 1\nname = \"a\"\n[[http]]\nroute = \"x\"", "does not begin with `/`"),
            (
                "manifest = 1\nname = \"a\"\n[[http]]\nroute = \"/\"\nmethods = [\"get\"]",
                "like `GET`",
            ),
            (&subscribe("topic = \"\""), "`subscribe.topic` is ``"),
            (&subscribe("topic = \"t\"\ndead_letter = \"t\""), "the topic itself"),
            (&subscribe("topic = \"t\"\nconcurrency = 0"), "use 1 to 1000"),
            (&subscribe("topic = \"t\"\nlease = \"1ms\""), "use 1s to 1h"),
            (&subscribe("topic = \"t\"\nmax_deliveries = 0"), "use 1 or more"),
            (&subscribe("topic = \"t\"\nbackoff = { first = \"1h\" }"), "at most `most`"),
            (&subscribe("topic = \"t\"\n[[subscribe]]\npubsub = \"p\"\ntopic = \"t\""), "twice"),
            (&schedule("A", "@daily"), "`schedule.name` is `A`"),
            (&schedule("a", "never"), "`never` is not a cron expression"),
            (&schedule("a", "0 0 31 4 *"), "never comes"),
            (&watch("group = \"|a\""), "`watch.group` is `|a`"),
            (&watch("keys = [\"\"]"), "`watch.keys` has ``"),
            (&watch("max_deliveries = 0"), "use 1 or more"),
            (&watch("label = \"default\"\n[[watch]]\nconfig = \"s\""), "twice"),
        ];
        for (text, expected) in cases {
            let error = Manifest::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
