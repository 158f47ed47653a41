//! `ottavo describe`: what a function is, asks for and offers; a file's as well as a deployed one's.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Args;
use ottavo_control::{FunctionDescription, LimitsInfo, Share};
use ottavo_core::surface::{ExportStatus, ImportStatus};
use ottavo_core::{Digest, FunctionName, Limits, Surface};
use ottavo_manifest::{HttpTrigger, LimitsTable, Manifest};
use ottavo_settings::Env;
use serde::Serialize;

use crate::arguments::HostArguments;
use crate::build;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};
use crate::triggers;

#[derive(Args, Debug)]
pub(crate) struct Describe {
    /// A `.wasm` file, or the name of a deployed function
    #[arg(value_name = "FILE.wasm|NAME")]
    what: String,
    /// The manifest of a file, to compare what it imports with what it needs
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    #[command(flatten)]
    host: HostArguments,
}

/// What a file is.
#[derive(Serialize)]
struct FileDescription {
    path: PathBuf,
    size: u64,
    digest: Digest,
    #[serde(flatten)]
    surface: Surface,
    /// In force on a host that sets no others.
    limits: LimitsInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<Manifest>,
}

pub(crate) fn run(describe: Describe, format: Format, env: &Env) -> Result<ExitCode> {
    let path = Path::new(&describe.what);
    let is_file = describe.what.contains('/')
        || path.extension().is_some_and(|extension| extension == "wasm")
        || path.is_file();
    if is_file {
        let description = of_file(path, describe.manifest.as_deref())?;
        output::result(format, &description, file_text);
        return Ok(ExitCode::SUCCESS);
    }
    if describe.manifest.is_some() {
        return Err(Failure::usage("`--manifest` goes with a `.wasm` file")
            .hint("a deployed function has its own already"));
    }
    let name: FunctionName = describe.what.parse().map_err(|error: ottavo_core::Error| {
        Failure::usage(error).hint("give a `.wasm` file, or the name of a deployed function")
    })?;
    let client = super::client(&describe.host, env)?;
    let description = super::talk(client.describe(&name))?;
    output::result(format, &description, function_text);
    Ok(ExitCode::SUCCESS)
}

fn of_file(path: &Path, manifest: Option<&Path>) -> Result<FileDescription> {
    let manifest = manifest.map(build::manifest).transpose()?;
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::new(format!("read `{}`: {error}", path.display())))?;
    let inspection = ottavo_componentize::component(&bytes)
        .and_then(|component| ottavo_componentize::inspect(&component))
        .map_err(|error| Failure::from(error.context(format!("`{}`", path.display()))))?;
    let granted = manifest.as_ref().map(|manifest| manifest.needs.blocks());
    let granted = granted.as_ref().map(|blocks| &blocks[..]);
    let limits = manifest.as_ref().map(|manifest| manifest.limits).unwrap_or_default();
    Ok(FileDescription {
        path: path.to_owned(),
        size: bytes.len() as u64,
        digest: Digest::of(&bytes),
        surface: ottavo_componentize::surface(&inspection, granted),
        limits: limits.over(Limits::default()).into(),
        manifest,
    })
}

fn row(what: &str, value: impl ToString) -> Vec<String> {
    vec![what.to_owned(), value.to_string()]
}

fn file_text(file: &FileDescription) -> String {
    let mut rows = vec![row("file", file.path.display())];
    rows.extend(facts(file.size, &file.digest, &file.surface));
    if let Some(manifest) = &file.manifest {
        rows.push(row("name", &manifest.name));
        rows.extend(manifest.http.iter().map(route));
        rows.extend(triggers::rows(
            &manifest.subscribe,
            &manifest.schedule,
            &manifest.watch,
            &manifest.binding,
        ));
        rows.push(row("needs", needs(manifest)));
    }
    let set = file.manifest.as_ref().map(|manifest| manifest.limits).unwrap_or_default();
    rows.extend(limits(&file.limits, &set));
    let verdict = match file.surface.runs {
        true => "a host can run it",
        false => "a host refuses it, for what is not provided or not fit above",
    };
    format!("{}{}\n{verdict}\n", output::table(&rows), surface_text(&file.surface))
}

fn function_text(of: &FunctionDescription) -> String {
    let function = &of.function;
    let age = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH + Duration::from_millis(function.deployed_at));
    let age = indicatif::HumanDuration(age.unwrap_or_default());
    let mut rows = vec![row("name", &function.name)];
    if !function.description.is_empty() {
        rows.push(row("description", output::printable(&function.description)));
    }
    rows.push(row("version", format!("{}, deployed {age} ago", function.version)));
    for Share { version, percent } in &function.shares {
        rows.push(row("split", format!("v{version} gets {percent} % of the requests")));
    }
    rows.extend(function.signed_by.iter().map(|key| row("signed by", key)));
    if let Some(problem) = &of.problem {
        rows.push(row("problem", format!("it answers 503: it {problem}")));
    }
    rows.extend(facts(function.size, &function.digest, &of.surface));
    rows.extend(function.http.iter().map(route));
    rows.extend(triggers::rows(
        &function.subscribe,
        &function.schedule,
        &function.watch,
        &function.binding,
    ));
    rows.push(row("needs", needs(&of.manifest)));
    rows.push(row("granted", &of.granted));
    rows.extend(limits(&function.limits, &of.manifest.limits));
    format!("{}{}", output::table(&rows), surface_text(&of.surface))
}

fn facts(size: u64, digest: &Digest, surface: &Surface) -> [Vec<String>; 4] {
    [
        row("size", output::size(size)),
        row("digest", digest),
        row("language", surface.language.as_deref().unwrap_or("unknown")),
        row("symbols", surface.symbols.as_str()),
    ]
}

fn route(trigger: &HttpTrigger) -> Vec<String> {
    let host = trigger.host.as_deref().unwrap_or_default();
    let methods = match trigger.methods.is_empty() {
        true => String::new(),
        false => format!("  ({})", trigger.methods.join(", ")),
    };
    row("route", format!("{host}{}{methods}", trigger.route))
}

fn needs(manifest: &Manifest) -> String {
    let asked = manifest.needs.each().into_iter().filter(|(_, needs)| !needs.is_empty());
    let of_block = |(block, needs): (&str, &[String])| {
        format!("{block} {}", output::printable(&needs.join(", ")))
    };
    match asked.map(of_block).collect::<Vec<_>>() {
        asked if asked.is_empty() => "nothing".to_owned(),
        asked => asked.join("; "),
    }
}

/// Each limit, and whether it is one that the manifest does not set.
fn limits(limits: &LimitsInfo, set: &LimitsTable) -> Vec<Vec<String>> {
    let reuse = match limits.reuse.calls {
        1 => "a fresh instance for each call".to_owned(),
        calls => format!("{calls} calls, idle {}", limits.reuse.idle),
    };
    let all = [
        ("memory", limits.memory.to_string(), set.memory.is_some()),
        ("cpu", limits.cpu.to_string(), set.cpu.is_some()),
        ("timeout", limits.timeout.to_string(), set.timeout.is_some()),
        ("body", limits.body.to_string(), set.body.is_some()),
        ("reuse", reuse, set.reuse.is_some()),
        ("concurrency", limits.concurrency.to_string(), set.concurrency.is_some()),
        ("queue", limits.queue.to_string(), set.queue.is_some()),
        ("queue_timeout", limits.queue_timeout.to_string(), set.queue_timeout.is_some()),
        ("handles", limits.handles.to_string(), set.handles.is_some()),
        ("log", limits.log.to_string(), set.log.is_some()),
        ("outbound_calls", limits.outbound_calls.to_string(), set.outbound_calls.is_some()),
        ("outbound_bytes", limits.outbound_bytes.to_string(), set.outbound_bytes.is_some()),
    ];
    let line = |(name, value, set): (&str, String, bool)| {
        let from = if set { "" } else { "  (default)" };
        row(&format!("limits.{name}"), format!("{value}{from}"))
    };
    all.into_iter().map(line).collect()
}

/// Imports and exports, each with what to do below it.
fn surface_text(surface: &Surface) -> String {
    let mut text = String::new();
    let shown = |name: &str| format!("  {}", output::printable(name));
    let imports = surface.imports.iter().map(|import| {
        let fine = import.status == ImportStatus::Provided;
        let why = [import.detail.as_str(), import.fix.as_str()];
        let why: Vec<_> = why.into_iter().filter(|why| !fine && !why.is_empty()).collect();
        (shown(&import.interface), import.status.as_str(), why.join("; "))
    });
    let exports = surface.exports.iter().map(|export| {
        let fix = if export.status == ExportStatus::Called { "" } else { &export.fix };
        (shown(&export.interface), export.status.as_str(), fix.to_owned())
    });
    text.push_str(&section("imports", imports.collect()));
    text.push_str(&section("exports", exports.collect()));
    text
}

fn section(title: &str, lines: Vec<(String, &str, String)>) -> String {
    if lines.is_empty() {
        return format!("\n{title}: none\n");
    }
    let rows: Vec<_> =
        lines.iter().map(|(name, status, _)| vec![name.clone(), (*status).to_owned()]).collect();
    let table = output::table(&rows);
    let mut text = format!("\n{title}\n");
    for (line, (_, _, fix)) in table.lines().zip(&lines) {
        text.push_str(line);
        text.push('\n');
        if !fix.is_empty() {
            text.push_str(&format!("      {}\n", output::printable(fix)));
        }
    }
    text
}
