//! Events: schedules, subscriptions, and what becomes of what fails.

mod crash;
mod function;
mod handover;
mod schedule;
mod subscribe;
mod watch;
