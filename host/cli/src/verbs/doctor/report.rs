//! What was found, for people and for programs.

use serde::Serialize;

use crate::output;

/// Everything that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Nothing that is required is wrong.
    pub(super) healthy: bool,
    findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    area: &'static str,
    /// Which one, where an area has several.
    #[serde(skip_serializing_if = "String::is_empty")]
    what: String,
    pub(super) status: Status,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<String>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Ok,
    /// It is not there, and not everybody needs it.
    Absent,
    /// It works, but not as well as it could.
    Slow,
    /// A host, or the function in this folder, does not work like this.
    Wrong,
}

impl Finding {
    pub(super) fn new(
        area: &'static str,
        what: &str,
        status: Status,
        text: impl Into<String>,
    ) -> Finding {
        Finding { area, what: what.to_owned(), status, text: text.into(), fix: None }
    }

    /// Adds what to do.
    pub(super) fn fix(self, fix: &str) -> Finding {
        self.hint(Some(fix.to_owned()))
    }

    /// Adds what to do, when it is known.
    pub(super) fn hint(mut self, fix: Option<String>) -> Finding {
        self.fix = fix;
        self
    }
}

impl Report {
    pub(super) fn new(findings: Vec<Finding>) -> Report {
        let healthy = findings.iter().all(|finding| finding.status != Status::Wrong);
        Report { healthy, findings }
    }

    pub(super) fn text(&self) -> String {
        let row = |finding: &Finding| {
            let status = match finding.status {
                Status::Ok => "ok",
                Status::Absent => "absent",
                Status::Slow => "slow",
                Status::Wrong => "WRONG",
            };
            let what = [finding.area, &finding.what].join(" ");
            let text = output::printable(&finding.text).replace('\n', " ");
            vec![status.to_owned(), what.trim_end().to_owned(), text]
        };
        let rows: Vec<_> = self.findings.iter().map(row).collect();
        let mut text = String::new();
        for (line, finding) in output::table(&rows).lines().zip(&self.findings) {
            text.push_str(line);
            text.push('\n');
            if let Some(fix) = &finding.fix {
                text.push_str(&format!("        fix: {}\n", output::printable(fix)));
            }
        }
        text.push_str(match self.healthy {
            true => "\nall that is required works\n",
            false => "\nsomething that is required is wrong\n",
        });
        text
    }
}
