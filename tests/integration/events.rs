//! Events: schedules, subscriptions, and what becomes of what fails.

mod crash;
mod function;
mod handover;
mod input;
mod schedule;
mod subscribe;
mod watch;
