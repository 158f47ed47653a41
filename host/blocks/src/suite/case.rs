//! One case: a name, what it needs, and a function that says what was expected and what came.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use ottavo_core::{Kind, Result as Called};

use super::{Harness, Space};

/// What the function of a case returns: the failure as text.
pub type Verdict<T = ()> = Result<T, String>;

/// A case that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// One rule of a block's contract.
pub struct Case<S: Space> {
    /// The rule, in words.
    pub name: &'static str,
    /// What a store must claim for the case to run on it.
    pub needs: &'static [S::Capability],
    pub(crate) body: for<'a> fn(&'a S) -> BoxFuture<'a, Verdict>,
}

impl<S: Space> Clone for Case<S> {
    fn clone(&self) -> Case<S> {
        *self
    }
}

impl<S: Space> Copy for Case<S> {}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As the contract says.
    Pass,
    /// The store does not claim what the case needs.
    NotClaimed,
    /// What was expected, and what came.
    Fail(String),
}

impl<S: Space> Case<S> {
    /// Runs the case.
    pub async fn run(&self, harness: &Harness<S::Store>) -> Outcome {
        let claimed = S::claimed(&harness.store);
        if !self.needs.iter().all(|need| claimed.contains(need)) {
            return Outcome::NotClaimed;
        }
        let space = S::new(self.name, harness);
        match tokio::time::timeout(LIMIT, (self.body)(&space)).await {
            Ok(Ok(())) => Outcome::Pass,
            Ok(Err(failure)) => Outcome::Fail(failure),
            Err(_) => Outcome::Fail(format!("did not end within {} s", LIMIT.as_secs())),
        }
    }
}

/// Lists the cases of a theme: the function's name is the rule. The types `Space` and `Capability`
/// are those of the block, as the place of use knows them.
macro_rules! cases {
    ($($function:ident $(needs $($need:ident)+)?),* $(,)?) => {
        pub(super) const CASES: &[$crate::suite::Case<super::space::Space>] = &[$(
            $crate::suite::Case {
                name: stringify!($function),
                needs: &[$($(super::Capability::$need),+)?],
                body: |space| Box::pin($function(space)),
            },
        )*];
    };
}

/// Fails the case unless both are equal.
macro_rules! equal {
    ($got:expr, $expected:expr, $($what:tt)+) => {{
        let (got, expected) = (&$got, &$expected);
        if got != expected {
            let what = format!($($what)+);
            return Err(format!("{what}: expected {expected:?}, got {got:?}"));
        }
    }};
}

/// Fails the case unless it holds.
macro_rules! ensure {
    ($holds:expr, $($what:tt)+) => {
        if !$holds {
            return Err(format!($($what)+));
        }
    };
}

/// The value of a call that must succeed.
pub(crate) fn ok<T>(result: Called<T>, what: &str) -> Verdict<T> {
    result.map_err(|error| format!("{what}: expected success, got {error:?}"))
}

/// Fails the case unless the call failed with this kind.
pub(crate) fn refused<T: fmt::Debug>(result: Called<T>, kind: Kind, what: &str) -> Verdict {
    match result {
        Err(error) if error.kind() == kind => Ok(()),
        Err(error) => Err(format!("{what}: expected {kind}, got {error:?}")),
        Ok(value) => Err(format!("{what}: expected {kind}, got success with {value:?}")),
    }
}

pub(crate) use {cases, ensure, equal};
