//! A binding: an event for each thing that comes in.

use ottavo_blocks::binding::{Input, Inputs};
use ottavo_core::{FunctionName, Result, StoreName};
use ottavo_imports::Event;
use ottavo_manifest::{Binding, Manifest};
use ottavo_telemetry::metrics::TriggerKind;

use super::attempt::Policy;
use super::listener::Source;
use crate::Functions;

impl Functions {
    /// Whether things come in through the bindings of a manifest that the one before did not have: a
    /// deploy is only acknowledged when they can.
    ///
    /// # Errors
    /// Those of the binding, with the table.
    pub(crate) async fn listen_new(&self, manifest: &Manifest, known: &[Binding]) -> Result<()> {
        for binding in manifest.binding.iter().filter(|binding| !known.contains(binding)) {
            let subscribed = self.inputs(&manifest.name, &binding.name).await;
            drop(subscribed.map_err(|error| {
                error.context(format_args!("`binding` with the name `{}`", binding.name))
            })?);
        }
        Ok(())
    }

    /// As the host: what comes in is granted with the manifest.
    async fn inputs(&self, function: &FunctionName, binding: &StoreName) -> Result<Inputs> {
        let session = self.as_host(function);
        session.binding(binding.as_str())?.subscribe().await
    }
}

/// What comes in through a binding.
pub(super) struct Inward(pub(super) StoreName);

impl Source for Inward {
    const KIND: TriggerKind = TriggerKind::Binding;
    type Update = Input;

    async fn subscribe(
        &mut self,
        functions: &Functions,
        function: &FunctionName,
    ) -> Result<Inputs> {
        functions.inputs(function, &self.0).await
    }

    fn learn(&mut self, _: &Functions, update: Input) -> Vec<(String, Event)> {
        let Input { id, kind, subject, time, content_type, data } = update;
        // what happened to nothing in particular stands for itself; no id is a path
        let waits_as = subject.clone().unwrap_or_else(|| format!("\0{id}"));
        let event = Event {
            id,
            source: format!("/bindings/{}", self.0),
            type_: kind,
            subject,
            time,
            content_type,
            trigger: Inward::KIND.as_str().to_owned(),
            origin: self.0.to_string(),
            topic: String::new(),
            data: data.to_vec(),
            attempt: 1,
            attributes: Vec::new(),
        };
        vec![(waits_as, event)]
    }

    fn policy(&self, manifest: &Manifest) -> Option<Policy> {
        let binding = manifest.binding.iter().find(|binding| binding.name == self.0)?;
        Some(Policy {
            trigger: Inward::KIND,
            max_deliveries: binding.max_deliveries,
            backoff: binding.backoff,
        })
    }

    fn place(&self) -> String {
        format!("binding {}", self.0)
    }
}
