//! `ottavo invoke`: calls a function by its name.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Args;
use ottavo_control::{InvokeReply, InvokeRequest};
use ottavo_core::FunctionName;
use ottavo_settings::Env;

use crate::arguments::HostArguments;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Invoke {
    /// The function's name
    name: FunctionName,
    #[command(flatten)]
    request: RequestArguments,
    #[command(flatten)]
    host: HostArguments,
}

/// One request, as it is typed.
#[derive(Args, Debug)]
pub(super) struct RequestArguments {
    /// The path of the request, with its query
    #[arg(id = "request_path", long = "path", default_value = "/", value_name = "PATH")]
    path: String,
    /// The method [default: GET, or POST with --data]
    #[arg(short = 'X', long, value_name = "METHOD")]
    method: Option<String>,
    /// A header, as `name: value`; may be repeated
    #[arg(short = 'H', long, value_name = "NAME:VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// The body: text, `@FILE` for a file, or `@-` for standard input
    #[arg(short, long, value_name = "DATA|@FILE")]
    data: Option<String>,
}

pub(crate) fn run(invoke: Invoke, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&invoke.host, env)?;
    let request = invoke.request.request()?;
    let reply = super::talk(client.invoke(&invoke.name, &request))?;
    Ok(show(&reply, format))
}

/// Prints an answer; one of 400 or more is a failure.
pub(super) fn show(reply: &InvokeReply, format: Format) -> ExitCode {
    match format {
        Format::Json => output::json(reply),
        Format::Text => print(reply),
    }
    match reply.status {
        ..400 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

impl RequestArguments {
    /// What they mean; reads the body.
    pub(super) fn request(&self) -> Result<InvokeRequest> {
        let RequestArguments { path, method, header, data } = self;
        if !path.starts_with('/') {
            let path = path.escape_debug();
            return Err(Failure::usage(format!("the path `{path}` does not begin with `/`")));
        }
        let default = if data.is_some() { "POST" } else { "GET" };
        Ok(InvokeRequest {
            method: method.as_deref().unwrap_or(default).to_owned(),
            path: path.clone(),
            headers: header.clone(),
            body: data.as_deref().map(body).transpose()?.unwrap_or_default(),
        })
    }
}

/// The bytes that `--data` means.
pub(super) fn body(data: &str) -> Result<Vec<u8>> {
    let Some(file) = data.strip_prefix('@') else {
        return Ok(data.as_bytes().to_vec());
    };
    let read = match file {
        "-" => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        }
        file => std::fs::read(file),
    };
    read.map_err(|error| Failure::new(format!("read the data of `{data}`: {error}")))
}

fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as `name: value`".to_owned()),
    }
}

/// The body to standard output as it is; status and headers are talk.
fn print(reply: &InvokeReply) {
    let reason = hyper::StatusCode::from_u16(reply.status).ok();
    let reason = reason.and_then(|status| status.canonical_reason()).unwrap_or_default();
    output::say(format_args!("{} {reason}", reply.status));
    for (name, value) in &reply.headers {
        output::say(format_args!("{name}: {value}"));
    }
    output::say("");
    output::data(&reply.body);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_split_at_the_first_colon() {
        let pair = |n: &str, v: &str| Ok((n.to_owned(), v.to_owned()));
        assert_eq!(header("a:b"), pair("a", "b"));
        assert_eq!(header("Time: 10:30"), pair("Time", "10:30"));
        assert_eq!(header("empty:"), pair("empty", ""));
        assert!(header("no colon").is_err());
        assert!(header(": x").is_err());
    }

    #[test]
    fn data_is_text_or_a_file() {
        assert_eq!(body("{}"), Ok(b"{}".to_vec()));
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), [0, 255]).expect("written");
        assert_eq!(body(&format!("@{}", file.path().display())), Ok(vec![0, 255]));
        let failure = body("@/no/such/file").expect_err("absent");
        assert!(failure.messages[0].contains("`@/no/such/file`"), "{failure:?}");
    }
}
