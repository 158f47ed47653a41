//! Rebuilding functions as they are written, and deploying them into the host of this process.
//!
//! Each folder has one task: build, deploy, wait for a change, again. What decides whether something
//! has changed is a [`scan`] of the folder's files before a build, compared with one after; [`watch`]
//! only says when to look. So nothing is missed while a build runs, any number of saves meanwhile are
//! one more build, a folder that is replaced as a whole is no special case, and what a build itself
//! writes beside the sources starts nothing.
//!
//! Invariants: one build at a time per function, never on a thread that answers requests; a build that
//! fails changes nothing of what answers; the host's shutdown kills the compilers that run.

mod event;
mod project;
mod scan;
mod watch;

pub(crate) use event::Teller;
pub(crate) use project::{Project, Workshop, same_name};
