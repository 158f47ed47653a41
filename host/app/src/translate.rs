//! Settings as each room wants them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ottavo_api::Grants;
use ottavo_core::units::{ByteCount, Span};
use ottavo_core::{Error, Result};
use ottavo_engine::{Headroom, has_pagemap_scan};
use ottavo_functions::Policy;
use ottavo_registry::{Reference, StoreTable, Tables};
use ottavo_settings::{Compiler, Errors, FunctionPolicy, Listen, Settings, TlsFiles};

use crate::{apps, compile};

use crate::machine;

pub(crate) fn stores(settings: &Settings) -> BTreeMap<String, Tables> {
    let table = |table: &ottavo_settings::StoreTable| StoreTable {
        driver: table.driver.clone(),
        key_prefix: table.key_prefix.clone(),
        options: table.options.clone(),
        references: table.references.iter().map(reference).collect(),
        required: table.required,
        place: table.place.to_string(),
    };
    let tables = |block: &ottavo_settings::Block| {
        block.iter().map(|(name, store)| (name.clone(), table(store))).collect()
    };
    settings.stores.iter().map(|(block, stores)| (block.clone(), tables(stores))).collect()
}

fn reference(found: &ottavo_settings::Reference) -> Reference {
    Reference {
        pointer: found.pointer.clone(),
        store: found.store.clone(),
        name: found.name.clone(),
        place: format!("{}`{}` ", found.place, found.path),
    }
}

pub(crate) fn engine(settings: &Settings, data_dir: &Path) -> ottavo_engine::Config {
    let cache = settings.engine.cache_dir.clone();
    ottavo_engine::Config {
        max_memory: settings.engine.max_memory,
        headroom: headroom(settings),
        total_memory: settings.engine.total_memory.unwrap_or_else(machine::memory),
        max_instances: settings.engine.max_instances,
        artifacts: cache.unwrap_or_else(|| data_dir.join("compiled")),
        compiler: match settings.engine.compiler {
            Some(Compiler::Baseline) => ottavo_engine::Compiler::Baseline,
            Some(Compiler::Optimizing) | None => ottavo_engine::Compiler::Optimizing,
        },
    }
}

/// Where the kernel does not tell which pages were written, all of a memory is wiped after each call: more of it
/// then costs more than it saves.
fn headroom(settings: &Settings) -> Headroom {
    let size = settings.engine.memory_headroom.unwrap_or_else(|| match has_pagemap_scan() {
        true => ByteCount::mib(1),
        false => ByteCount(0),
    });
    Headroom::new(size, ottavo_componentize::TUNING_REVISION)
}

/// # Errors
/// `invalid-argument` for a grant of the wrong form.
pub(crate) fn policy(settings: &Settings) -> Result<Policy> {
    let Some(policy) = &settings.policy else { return Ok(Policy::default()) };
    let bound = |everything: bool, grants: &[(&'static str, &[String])]| match everything {
        true => Ok(Grants::everything()),
        false => apps::granted(grants),
    };
    let own = |(name, own): (&String, &FunctionPolicy)| {
        Ok((name.parse()?, bound(own.everything, &own.grants())?))
    };
    let general = Some(bound(policy.everything, &policy.grants())?);
    Ok(Policy { general, of: policy.function.iter().map(own).collect::<Result<_>>()? })
}

pub(crate) fn deploy_tcp(settings: &Settings) -> Option<ottavo_admin::deploy::Tcp> {
    let (listen, token_file) = (settings.deploy.listen?, settings.deploy.token_file.clone()?);
    let tls = settings.deploy.tls.as_ref().map(tls);
    Some(ottavo_admin::deploy::Tcp { listen, token_file, tls })
}

pub(crate) fn tls(files: &TlsFiles) -> ottavo_identity::TlsFiles {
    let TlsFiles { cert, key, client_ca } = files.clone();
    ottavo_identity::TlsFiles { cert, key, client_ca }
}

pub(crate) fn compiling(settings: &Settings) -> ottavo_functions::Compiling {
    let deploy = &settings.deploy;
    let timeout = deploy.compile_timeout;
    let threads = deploy.compile_threads.unwrap_or_else(compile::threads);
    // the host has the wall clock; should it be stopped itself, this ends the process all the same
    let cpu = Span(timeout.0.saturating_mul(threads));
    let (program, arguments) = compile::command(cpu, deploy.compile_memory);
    ottavo_functions::Compiling {
        program,
        arguments,
        timeout,
        memory: deploy.compile_memory,
        threads,
    }
}

pub(crate) fn keys(settings: &Settings) -> Result<ottavo_functions::Keys> {
    let deploy = &settings.deploy;
    let read = |file: &PathBuf| {
        std::fs::read_to_string(file).map_err(|error| {
            let file = file.display();
            Error::invalid(format!("cannot read `{file}` of `deploy.key_files`: {error}"))
        })
    };
    let files = deploy.key_files.iter().map(read).collect::<Result<Vec<_>>>()?;
    let texts = deploy.keys.iter().chain(&files).map(String::as_str);
    ottavo_functions::Keys::new(deploy.require_signed, texts)
}

pub(crate) fn egress(settings: &Settings) -> ottavo_driver_http::Config {
    let egress = &settings.egress;
    ottavo_driver_http::Config {
        protocol: ottavo_driver_http::Protocol::Auto,
        ca: egress.ca.clone(),
        connect_timeout: egress.connect_timeout,
        idle_timeout: egress.idle_timeout,
        max_idle: egress.max_idle,
    }
}

pub(crate) fn http(settings: &Settings) -> ottavo_http::Config {
    let http = &settings.http;
    ottavo_http::Config {
        listen: http.listen,
        tls: http.tls.as_ref().map(tls),
        proxy_protocol: http.proxy_protocol,
        errors: match http.errors {
            Errors::Full => ottavo_http::Errors::Full,
            Errors::Opaque => ottavo_http::Errors::Opaque,
        },
        header_timeout: http.header_timeout,
        body_timeout: http.body_timeout,
        idle_timeout: http.idle_timeout,
        max_connections: http.max_connections,
        max_header_bytes: http.max_header_bytes,
        max_headers: http.max_headers,
    }
}

pub(crate) fn grpc(settings: &Settings) -> ottavo_grpc::Config {
    ottavo_grpc::Config {
        listen: match &settings.grpc.listen {
            Listen::Tcp(address) => ottavo_grpc::Listen::Tcp(*address),
            Listen::Unix(path) => ottavo_grpc::Listen::Unix(path.clone()),
        },
        tls: settings.grpc.tls.as_ref().map(tls),
        max_message: settings.grpc.max_message,
        timeout: settings.grpc.timeout,
        ..ottavo_grpc::Config::default()
    }
}
