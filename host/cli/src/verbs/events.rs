//! `ottavo events`: what goes through a pub/sub store, for a person at a keyboard.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use ottavo_control::{EventsReply, EventsRequest};
use ottavo_core::{Clock as _, StoreName, SystemClock};
use ottavo_settings::Env;
use serde::Serialize;

use super::invoke;
use crate::arguments::HostArguments;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Events {
    #[command(subcommand)]
    verb: EventsVerb,
    #[command(flatten)]
    host: HostArguments,
}

#[derive(Debug, Subcommand)]
enum EventsVerb {
    /// Publish an event and print its id
    Publish {
        /// The store's name in the configuration
        store: StoreName,
        /// The topic
        topic: String,
        /// The data: text, `@FILE` for a file, or `@-` for standard input
        #[arg(value_name = "DATA|@FILE")]
        data: String,
        /// The media type of the data
        #[arg(long, value_name = "TYPE", default_value = "text/plain")]
        content_type: String,
    },
    /// Send the events of a dead-letter topic back to where they came from
    Redrive {
        /// The store's name in the configuration
        store: StoreName,
        /// The dead-letter topic
        dead_topic: String,
        /// Send them to this topic instead
        #[arg(long, value_name = "TOPIC")]
        to: Option<String>,
        /// At most so many [default: all]
        #[arg(long, value_name = "N")]
        limit: Option<u64>,
    },
}

#[derive(Serialize)]
struct Published {
    id: String,
}

#[derive(Serialize)]
struct Redriven {
    sent: u64,
}

pub(crate) fn run(events: Events, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&events.host, env)?;
    super::talk(async {
        match events.verb {
            EventsVerb::Publish { store, topic, data, content_type } => {
                let data = invoke::body(&data)?;
                let request = EventsRequest::Publish { topic, data, content_type };
                match client.events(&store, &request).await? {
                    EventsReply::Publish { id } => {
                        output::result(format, &Published { id }, |p| format!("{}\n", p.id));
                    }
                    other => return Err(unexpected(&other)),
                }
            }
            EventsVerb::Redrive { store, dead_topic, to, limit } => {
                let sent = redrive(&client, &store, dead_topic, to, limit).await?;
                output::result(format, &Redriven { sent }, |r| match r.sent {
                    0 => "there was nothing to send back\n".to_owned(),
                    1 => "sent 1 event back\n".to_owned(),
                    sent => format!("sent {sent} events back\n"),
                });
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Asks until there are no more.
async fn redrive(
    client: &Client,
    store: &StoreName,
    from: String,
    to: Option<String>,
    limit: Option<u64>,
) -> Result<u64> {
    let (mut done, before) = (0, SystemClock.now());
    loop {
        let left = limit.map_or(u64::MAX, |limit| limit.saturating_sub(done));
        let limit = u32::try_from(left).unwrap_or(u32::MAX);
        if limit == 0 {
            return Ok(done);
        }
        let (from, to) = (from.clone(), to.clone());
        let request = EventsRequest::Redrive { from, to, limit, before };
        match client.events(store, &request).await? {
            EventsReply::Redrive { sent, more } => {
                done += u64::from(sent);
                if !more {
                    return Ok(done);
                }
            }
            other => return Err(unexpected(&other)),
        }
    }
}

fn unexpected(reply: &EventsReply) -> Failure {
    Failure::new(format!("the host answered something else than was asked: {reply:?}"))
        .hint("use an `ottavo` of the host's version")
}
