//! What `dev` tells: a line for each thing that happened, or a JSON document.

use std::time::Duration;

use ottavo_core::FunctionName;
use serde::Serialize;

use crate::output::{self, Format};

/// Tells events as the person asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Teller(pub(crate) Format);

/// Something that happened to a function.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Event<'a> {
    /// A build has begun.
    Building { function: &'a FunctionName },
    /// What was built answers.
    Deployed {
        function: &'a FunctionName,
        version: u64,
        /// False when exactly this answered already.
        changed: bool,
        size: u64,
        /// The compiler's time.
        build_ms: u64,
        /// From the moment the change was seen.
        took_ms: u64,
        urls: &'a [String],
    },
    /// It does not build, or the host does not take it.
    Failed {
        function: &'a FunctionName,
        errors: &'a [String],
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<&'a str>,
        /// What the compiler said.
        text: &'a str,
        took_ms: u64,
        /// The version that keeps answering.
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
    },
    /// Something to know.
    Note { function: &'a FunctionName, message: &'a str },
}

impl Teller {
    pub(super) fn tell(self, event: &Event<'_>) {
        match self.0 {
            Format::Text => output::say(text(event).trim_end()),
            Format::Json => output::json(event),
        }
    }
}

/// Milliseconds, as events have them.
pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn text(event: &Event<'_>) -> String {
    match event {
        Event::Building { function } => format!("{function}: building"),
        Event::Note { function, message } => format!("{function}: {message}"),
        Event::Deployed { function, version, changed, size, build_ms, urls, .. } => {
            let (built, size) = (seconds(*build_ms), output::size(*size));
            let urls = if urls.is_empty() { "no route".to_owned() } else { urls.join(" ") };
            match changed {
                true => format!(
                    "{function}: built in {built}, deployed version {version} ({size}) {urls}"
                ),
                false => format!(
                    "{function}: built in {built}, nothing new in version {version} ({size}) {urls}"
                ),
            }
        }
        Event::Failed { function, errors, hint, text, took_ms, version } => {
            let mut lines = String::new();
            for line in text.trim_end().lines() {
                lines.push_str(line);
                lines.push('\n');
            }
            for error in *errors {
                lines.push_str(&format!("{function}: error: {error}\n"));
            }
            if let Some(hint) = hint {
                lines.push_str(&format!("{function}: hint: {hint}\n"));
            }
            let after = seconds(*took_ms);
            match version {
                Some(version) => {
                    lines
                        + &format!(
                            "{function}: failed after {after}, version {version} keeps answering"
                        )
                }
                None => {
                    lines
                        + &format!("{function}: failed after {after}, no version of it is deployed")
                }
            }
        }
    }
}

fn seconds(millis: u64) -> String {
    format!("{:.1} s", Duration::from_millis(millis).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_line_that_names_its_function() {
        let function = &"hello".parse().expect("a name");
        let urls = ["http://127.0.0.1:2045/hello/:name".to_owned()];
        let mut deployed = Event::Deployed {
            function,
            version: 3,
            changed: true,
            size: 2048,
            build_ms: 1234,
            took_ms: 1300,
            urls: &urls,
        };
        assert_eq!(
            text(&deployed),
            "hello: built in 1.2 s, deployed version 3 (2.00 KiB) http://127.0.0.1:2045/hello/:name"
        );
        if let Event::Deployed { changed, urls, .. } = &mut deployed {
            (*changed, *urls) = (false, &[]);
        }
        assert_eq!(
            text(&deployed),
            "hello: built in 1.2 s, nothing new in version 3 (2.00 KiB) no route"
        );
        let failed = Event::Failed {
            function,
            errors: &["the build failed (exit status: 1): `asc`".to_owned()],
            hint: Some("look above"),
            text: "ERROR TS1005: ';' expected.\n\n",
            took_ms: 900,
            version: Some(2),
        };
        assert_eq!(
            text(&failed),
            "ERROR TS1005: ';' expected.\n\
             hello: error: the build failed (exit status: 1): `asc`\n\
             hello: hint: look above\n\
             hello: failed after 0.9 s, version 2 keeps answering"
        );
        let json = serde_json::to_value(&failed).expect("JSON");
        assert_eq!((json["event"].as_str(), json["version"].as_u64()), (Some("failed"), Some(2)));
    }
}
