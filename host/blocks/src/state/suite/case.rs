//! One case: a name, what it needs, and a function that says what was expected and what came.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::Harness;
use super::space::Space;
use crate::state::Capability;

/// What the function of a case returns: the failure as text.
pub(super) type Verdict<T = ()> = Result<T, String>;

/// A case that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// One rule of the contract.
#[derive(Clone, Copy)]
pub struct Case {
    /// The rule, in words.
    pub name: &'static str,
    /// What a store must claim for the case to run on it.
    pub needs: &'static [Capability],
    pub(super) body: for<'a> fn(&'a Space) -> BoxFuture<'a, Verdict>,
}

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

impl Case {
    pub(super) async fn run(&self, harness: &Harness) -> Outcome {
        let claimed = harness.store.capabilities();
        if !self.needs.iter().all(|need| claimed.contains(need)) {
            return Outcome::NotClaimed;
        }
        let space = Space::new(self.name, harness);
        match tokio::time::timeout(LIMIT, (self.body)(&space)).await {
            Ok(Ok(())) => Outcome::Pass,
            Ok(Err(failure)) => Outcome::Fail(failure),
            Err(_) => Outcome::Fail(format!("did not end within {} s", LIMIT.as_secs())),
        }
    }
}

/// Lists the cases of a theme: the function's name is the rule.
macro_rules! cases {
    ($($function:ident $(needs $($need:ident)+)?),* $(,)?) => {
        pub(super) const CASES: &[$crate::state::suite::Case] = &[$(
            $crate::state::suite::Case {
                name: stringify!($function),
                needs: &[$($($crate::state::Capability::$need),+)?],
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

pub(super) use {cases, ensure, equal};
