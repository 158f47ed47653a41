//! `ottavo:runtime/http-handler`: what answers requests.
//!
//! A request is lowered from where it lies: its fields are copied once, into the guest. The type of the handler is
//! checked on the first instance of a component; all others have the same.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::HeaderValue;
use ottavo_core::{Error, Result};
use wasmtime::Store;
use wasmtime::component::{
    ComponentExportIndex, ComponentType, Instance, InstancePre, Lower, TypedFunc,
};

use crate::bindings::ottavo::runtime::types::Error as WitError;
use crate::handler::{Handled, Handlers};
use crate::{Call, Response};

/// A request, its body whole.
#[derive(Debug)]
pub struct Request {
    /// Method, target and headers.
    pub head: http::request::Parts,
    /// What the route's `:name` segments matched, decoded.
    pub params: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// The record of the WIT, in fields that lie elsewhere.
#[derive(ComponentType, Lower)]
#[component(record)]
struct Record<'r> {
    method: &'r str,
    path: &'r str,
    query: Option<&'r str>,
    params: &'r [(String, String)],
    headers: &'r [(&'r str, &'r str)],
    body: &'r [u8],
}

type Answered = (std::result::Result<Response, WitError>,);

/// Where the handler stands in the exports of a component.
pub(crate) struct Found {
    handle: ComponentExportIndex,
    checked: AtomicBool,
}

pub(crate) fn find(component: &InstancePre<Call>) -> Result<Option<Found>> {
    let component = component.component();
    let Some(interface) = component.get_export_index(None, Request::INTERFACE) else {
        return Ok(None);
    };
    let handle = component.get_export_index(Some(&interface), "handle");
    let none =
        || Error::invalid("`ottavo:runtime/http-handler` cannot be called: it has no `handle`");
    let handle = handle.ok_or_else(none)?;
    Ok(Some(Found { handle, checked: AtomicBool::new(false) }))
}

impl Found {
    fn of<'r>(
        &self,
        instance: &Instance,
        store: &mut Store<Call>,
    ) -> wasmtime::Result<TypedFunc<(Record<'r>,), Answered>> {
        let handle = instance.get_func(&mut *store, self.handle);
        let handle = handle.ok_or_else(|| wasmtime::format_err!("`handle` is no function"))?;
        if !self.checked.load(Ordering::Relaxed) {
            handle.typed::<(Record<'r>,), Answered>(&*store)?;
            self.checked.store(true, Ordering::Relaxed);
        }
        #[expect(unsafe_code, reason = "the type is checked once for all instances")]
        // SAFETY: an instance is of the component in which the export was found, and so has the type that was
        // checked above for the first of them.
        let handle = unsafe { TypedFunc::new_unchecked(handle) };
        Ok(handle)
    }
}

impl Handled for Request {
    type Answer = Response;

    const INTERFACE: &'static str = "ottavo:runtime/http-handler@0.1.0";

    fn has_handler(handlers: &Handlers) -> bool {
        handlers.http.is_some()
    }

    async fn handle(
        &mut self,
        handlers: &Handlers,
        instance: &Instance,
        store: &mut Store<Call>,
    ) -> wasmtime::Result<std::result::Result<Response, WitError>> {
        let found = handlers.http.as_ref().expect("called where `has_handler` said so");
        let handle = found.of(instance, store)?;
        let Request { head, params, body } = self;
        let values: Vec<Cow<'_, str>> = head.headers.values().map(text).collect();
        let names = head.headers.iter().map(|(name, _)| name.as_str());
        let headers: Vec<(&str, &str)> = names.zip(values.iter().map(|value| &**value)).collect();
        let record = Record {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query(),
            params,
            headers: &headers,
            body,
        };
        let (answer,) = handle.call_async(store, (record,)).await?;
        Ok(answer)
    }
}

/// A header's value; as Latin-1 when it is not UTF-8.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}
