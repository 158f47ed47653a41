//! The text form of Prometheus, version 0.0.4.

use std::fmt::{Display, Write as _};

use super::histogram::{Histogram, Snapshot};
use super::name::Metric;

/// What has been written so far.
#[derive(Default)]
pub(super) struct Text {
    text: String,
    /// Of the metric that was begun, until its first sample.
    head: String,
}

impl Text {
    /// Begins a metric; one without samples leaves no trace.
    pub(super) fn family(&mut self, metric: Metric) {
        let (name, kind, help) = (metric.name(), metric.kind().name(), metric.help());
        self.head = format!("# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    /// One series, with a value for each label of the metric.
    pub(super) fn sample(&mut self, metric: Metric, values: &[&str], value: impl Display) {
        self.line(metric, "", values, None, value);
    }

    /// The series of one histogram.
    pub(super) fn histogram(&mut self, metric: Metric, values: &[&str], histogram: &Histogram) {
        let Snapshot { up_to, sum, count } = histogram.snapshot();
        for (bound, count) in up_to {
            self.line(metric, "_bucket", values, Some(bound), count);
        }
        self.line(metric, "_sum", values, None, sum.as_secs_f64());
        self.line(metric, "_count", values, None, count);
    }

    pub(super) fn into_string(self) -> String {
        self.text
    }

    fn line(
        &mut self,
        metric: Metric,
        suffix: &str,
        values: &[&str],
        bound: Option<&str>,
        value: impl Display,
    ) {
        debug_assert_eq!(metric.labels().len(), values.len());
        self.text.push_str(&std::mem::take(&mut self.head));
        self.text.push_str(metric.name());
        self.text.push_str(suffix);
        let labels = metric.labels().iter().map(|label| label.name()).zip(values.iter().copied());
        let mut before = '{';
        for (name, value) in labels.chain(bound.map(|bound| ("le", bound))) {
            self.text.push(before);
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(value, &mut self.text);
            self.text.push('"');
            before = ',';
        }
        if before == ',' {
            self.text.push('}');
        }
        writeln!(self.text, " {value}").expect("a text takes whatever is written");
    }
}

fn escape(value: &str, into: &mut String) {
    for c in value.chars() {
        match c {
            '\\' => into.push_str("\\\\"),
            '"' => into.push_str("\\\""),
            '\n' => into.push_str("\\n"),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_break_out_of_its_quotes() {
        let mut text = Text::default();
        text.family(Metric::InstancesRunning);
        text.family(Metric::InstancesWaiting);
        text.sample(Metric::InstancesWaiting, &["a\"}\\\nb"], 3);
        let expected = "# HELP ottavo_instances_waiting Kept instances that wait for their next call.\n\
            # TYPE ottavo_instances_waiting gauge\n\
            ottavo_instances_waiting{function=\"a\\\"}\\\\\\nb\"} 3\n";
        assert_eq!(text.into_string(), expected);
    }
}
