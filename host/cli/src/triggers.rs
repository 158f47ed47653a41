//! What a function is called by beside requests, as rows of a table.

use ottavo_manifest::{Schedule, Subscribe};

use crate::output;

/// A row for each subscription and each schedule.
pub(crate) fn rows(subscribe: &[Subscribe], schedule: &[Schedule]) -> Vec<Vec<String>> {
    let subscriptions = subscribe.iter().map(|of| {
        let mut text = format!("{}:{}", of.pubsub, of.topic);
        if let Some(group) = &of.group {
            text.push_str(&format!("  as {group}"));
        }
        if let Some(topic) = &of.dead_letter {
            text.push_str(&format!("  (given up after {} to {topic})", of.max_deliveries));
        }
        vec!["subscribe".to_owned(), output::printable(&text)]
    });
    let schedules = schedule.iter().map(|of| {
        let Schedule { name, cron, timezone, .. } = of;
        vec!["schedule".to_owned(), format!("{name}  {cron}  {timezone}")]
    });
    subscriptions.chain(schedules).collect()
}
