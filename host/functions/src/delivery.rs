//! Events on their way to functions: of the topics that they subscribe to, of their schedules, of the
//! configuration that they watch, and of what comes in through bindings.
//!
//! One task for each trigger of the versions that answer. A deploy that
//! leaves one as it is does not disturb its task: each event goes to the version that answers then.
//!
//! - An event is acknowledged after its handler said so, or after it stands in the dead-letter topic.
//! - What is taken is handled at once or held: no queue lies between a store and a function.
//! - At the end of the host, handlers under way get the grace that requests get; what is not done by
//!   then goes back.

mod attempt;
mod binding;
mod consumer;
mod listener;
mod schedule;
mod subscription;
mod trigger;
mod waiting;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use ottavo_core::FunctionName;
use tokio::sync::watch::{Sender, channel};
use tokio::time::Instant;

use crate::Functions;
use crate::table::Table;
use listener::{Listener, Source};
use trigger::{Halt, Running, Trigger, What};
use waiting::Waiting;

impl Functions {
    /// Begins to deliver to what is deployed, and to what will be, until shutdown. Waits a little
    /// for each subscription to stand; one whose store does not answer goes on trying.
    pub async fn deliver(self: &Arc<Self>) {
        let (mut changed, mut running) = (self.changed.subscribe(), Vec::new());
        changed.mark_unchanged();
        self.follow(&mut running);
        let deadline = Instant::now() + FIRST_WAIT;
        for trigger in &mut running {
            trigger.ready(deadline).await;
        }
        let functions = Arc::clone(self);
        self.host.shutdown.spawn("triggers", async move {
            loop {
                tokio::select! {
                    _ = changed.changed() => functions.follow(&mut running),
                    () = functions.host.shutdown.begun() => return,
                }
            }
        });
    }

    /// Ends the tasks of triggers that are not there any more, and starts those of new ones.
    fn follow(self: &Arc<Self>, running: &mut Vec<Running>) {
        let wanted = wanted(&self.table.load());
        running.retain(|known| wanted.contains(&known.trigger));
        for trigger in wanted {
            if !running.iter().any(|known| known.trigger == trigger) {
                running.push(self.start(trigger));
            }
        }
    }

    fn start(self: &Arc<Self>, trigger: Trigger) -> Running {
        let (stop, stopped) = channel(());
        let (ready, is_ready) = channel(false);
        let (functions, function) = (Arc::clone(self), trigger.function.clone());
        let halt =
            Halt { stop: stopped, shutdown: self.host.shutdown.clone(), patience: self.patience };
        match trigger.what.clone() {
            What::Subscribe(subscribe) => {
                let task = subscription::Task { functions, function, subscribe, halt, ready };
                self.host.shutdown.spawn("subscriptions", task.run());
            }
            What::Schedule(schedule) => {
                ready.send_replace(true);
                let task = schedule::Task { functions, function, schedule: *schedule, halt };
                self.host.shutdown.spawn("schedules", task.run());
            }
            What::Watch(place) => {
                self.listen(function, watch::Watched::new(place), halt, ready);
            }
            What::Binding(name) => self.listen(function, binding::Inward(name), halt, ready),
        }
        Running { trigger, ready: is_ready, _stop: stop }
    }

    fn listen(
        self: &Arc<Self>,
        function: FunctionName,
        source: impl Source,
        halt: Halt,
        ready: Sender<bool>,
    ) {
        let (functions, waiting) = (Arc::clone(self), Waiting::default());
        let task = Listener { functions, function, source, halt, ready, waiting };
        self.host.shutdown.spawn("listeners", task.run());
    }
}

/// How long a start waits for subscriptions to stand.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The triggers of all versions that can be called.
fn wanted(table: &Table) -> Vec<Trigger> {
    let mut wanted = Vec::new();
    for version in table.versions().filter(|version| version.code.is_ok()) {
        let manifest = &version.record.manifest;
        let subscriptions = manifest.subscribe.iter().cloned().map(What::Subscribe);
        let schedules = manifest.schedule.iter().cloned().map(Box::new).map(What::Schedule);
        let watched = manifest.watch.iter().map(watch::Place::of).map(What::Watch);
        let bound = manifest.binding.iter().map(|binding| What::Binding(binding.name.clone()));
        let function = &version.info.name;
        let trigger = |what| Trigger { function: function.clone(), what };
        wanted.extend(subscriptions.chain(schedules).chain(watched).chain(bound).map(trigger));
    }
    wanted
}
