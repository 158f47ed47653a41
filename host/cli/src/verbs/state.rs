//! `ottavo state`: the values of a store, for a person at a keyboard.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use ottavo_control::{StateExpiry, StateReply, StateRequest, StateValue};
use ottavo_core::StoreName;
use ottavo_core::units::Span;
use ottavo_settings::Env;
use serde::Serialize;

use super::invoke;
use crate::arguments::HostArguments;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct State {
    #[command(subcommand)]
    verb: StateVerb,
    #[command(flatten)]
    host: HostArguments,
}

#[derive(Debug, Subcommand)]
enum StateVerb {
    /// Print a value as it is; exit code 1 when there is none
    Get {
        /// The store's name in the configuration
        store: StoreName,
        /// The key
        key: String,
    },
    /// Write a value and print its new etag
    Set {
        /// The store's name in the configuration
        store: StoreName,
        /// The key
        key: String,
        /// The value: text, `@FILE` for a file, or `@-` for standard input
        #[arg(value_name = "VALUE|@FILE")]
        value: String,
        /// Write only while the value's etag is this one
        #[arg(long, value_name = "ETAG", conflicts_with = "if_absent")]
        if_match: Option<String>,
        /// Write only when there is no value
        #[arg(long)]
        if_absent: bool,
        /// When it goes away: a time from now such as `10m`, or `never` [default: as it was]
        #[arg(long, value_name = "TIME|never", value_parser = expiry)]
        expires: Option<StateExpiry>,
    },
    /// Delete a value; that there is none is fine
    Delete {
        /// The store's name in the configuration
        store: StoreName,
        /// The key
        key: String,
        /// Delete only while the value's etag is this one
        #[arg(long, value_name = "ETAG")]
        if_match: Option<String>,
    },
    /// Print keys, one a line, in the store's own order
    List {
        /// The store's name in the configuration
        store: StoreName,
        /// What the keys begin with
        #[arg(default_value = "")]
        prefix: String,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 1000)]
        limit: usize,
    },
}

fn expiry(text: &str) -> Result<StateExpiry, ottavo_core::Error> {
    match text {
        "never" => Ok(StateExpiry::Never),
        text => text.parse::<Span>().map(StateExpiry::After),
    }
}

pub(crate) fn run(state: State, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&state.host, env)?;
    super::talk(async {
        match state.verb {
            StateVerb::Get { store, key } => get(&client, &store, key, format).await,
            StateVerb::Set { store, key, value, if_match, if_absent, expires } => {
                let value = invoke::body(&value)?;
                let expires = expires.unwrap_or_default();
                let request = StateRequest::Set { key, value, if_match, if_absent, expires };
                match client.state(&store, &request).await? {
                    StateReply::Set { etag } => {
                        output::result(format, &Written { etag }, |w| format!("{}\n", w.etag));
                        Ok(ExitCode::SUCCESS)
                    }
                    other => Err(unexpected(&other)),
                }
            }
            StateVerb::Delete { store, key, if_match } => {
                match client.state(&store, &StateRequest::Delete { key, if_match }).await? {
                    StateReply::Delete => {
                        output::result(format, &Deleted { deleted: true }, |_| String::new());
                        Ok(ExitCode::SUCCESS)
                    }
                    other => Err(unexpected(&other)),
                }
            }
            StateVerb::List { store, prefix, limit } => {
                let listed = list(&client, &store, &prefix, limit).await?;
                output::result(format, &listed, |listed| {
                    let line = |key: &String| format!("{}\n", output::printable(key));
                    listed.keys.iter().map(line).collect()
                });
                if listed.more && format == Format::Text {
                    output::say("there are more keys: raise `--limit`, or give a longer prefix");
                }
                Ok(ExitCode::SUCCESS)
            }
        }
    })
}

/// A value, in JSON.
#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    #[serde(flatten)]
    value: &'a StateValue,
    /// The same as text, when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct Written {
    etag: String,
}

#[derive(Serialize)]
struct Deleted {
    deleted: bool,
}

#[derive(Serialize)]
struct Listed {
    keys: Vec<String>,
    /// Whether there are more than were asked for.
    more: bool,
}

async fn get(client: &Client, store: &StoreName, key: String, format: Format) -> Result<ExitCode> {
    let value = match client.state(store, &StateRequest::Get { key: key.clone() }).await? {
        StateReply::Get { value: Some(value) } => value,
        StateReply::Get { value: None } => {
            let key = key.escape_debug();
            return Err(Failure::new(format!("store `{store}` has no value at `{key}`"))
                .hint(format!("`ottavo state list {store}` shows its keys")));
        }
        other => return Err(unexpected(&other)),
    };
    match format {
        Format::Text => output::data(&value.data),
        Format::Json => {
            let text = std::str::from_utf8(&value.data).ok();
            output::json(&Shown { key: &key, value: &value, text });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks for one page after the other.
async fn list(client: &Client, store: &StoreName, prefix: &str, limit: usize) -> Result<Listed> {
    let (mut keys, mut cursor) = (Vec::new(), None);
    loop {
        let page = u32::try_from((limit - keys.len()).min(1000)).unwrap_or(1000);
        if page == 0 {
            return Ok(Listed { keys, more: true });
        }
        let request = StateRequest::List { prefix: prefix.to_owned(), cursor, limit: page };
        match client.state(store, &request).await? {
            StateReply::List { keys: more, next } => {
                keys.extend(more);
                cursor = next;
            }
            other => return Err(unexpected(&other)),
        }
        if cursor.is_none() {
            return Ok(Listed { keys, more: false });
        }
    }
}

fn unexpected(reply: &StateReply) -> Failure {
    Failure::new(format!("the host answered something else than was asked: {reply:?}"))
        .hint("use an `ottavo` of the host's version")
}
