//! Logs each event that it receives.

use ottavo_sdk::{Event, Outcome, Result, log};

#[ottavo_sdk::event]
fn receive(event: Event) -> Outcome {
    match line(&event) {
        Ok(line) => {
            log::info!("{line}");
            Outcome::Success
        }
        Err(_) => Outcome::drop("not text"),
    }
}

fn line(event: &Event) -> Result<String> {
    Ok(format!("received `{}`", event.text()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_event_is_logged() {
        assert_eq!(line(&Event::new("{{name}}", "hello")).unwrap(), "received `hello`");
    }

    #[test]
    fn what_is_no_text_is_dropped() {
        assert_eq!(receive(Event::new("{{name}}", [0xff])), Outcome::drop("not text"));
    }
}
