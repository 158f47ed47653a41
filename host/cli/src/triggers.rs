//! What a function is called by beside requests, as rows of a table.

use ottavo_manifest::{Binding, Schedule, Subscribe, Watch};

use crate::output;

/// A row for each of them.
pub(crate) fn rows(
    subscribe: &[Subscribe],
    schedule: &[Schedule],
    watch: &[Watch],
    binding: &[Binding],
) -> Vec<Vec<String>> {
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
    let watched = watch.iter().map(|of| {
        let words = [&of.app_id, &of.group, &of.label].map(|word| match word.is_empty() {
            true => "default",
            false => word,
        });
        let keys = if of.keys.is_empty() { "*".to_owned() } else { of.keys.join(", ") };
        let text = format!("{}:{keys}  in {}", of.config, words.join("/"));
        vec!["watch".to_owned(), output::printable(&text)]
    });
    let bound = binding.iter().map(|of| vec!["binding".to_owned(), of.name.to_string()]);
    subscriptions.chain(schedules).chain(watched).chain(bound).collect()
}
