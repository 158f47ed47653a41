//! The command line's verbs, each against a real host.

mod completions;
mod delete;
mod describe;
mod doctor;
mod foreign;
mod logs;
mod logs_follow;
mod run;
mod state;
