//! What becomes of an event.

use std::time::Duration;

use crate::Result;
use crate::bindings::exports::ottavo::runtime::event_handler as wit;

/// What is to become of an event. An error or a panic counts as [`Outcome::Retry`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It is done with.
    #[default]
    Success,
    /// It is delivered again, not before this has passed; without a time, when the manifest's
    /// `backoff` says.
    Retry(Option<Duration>),
    /// It is never delivered again, and why; it goes to the dead-letter topic where one is set.
    Drop(String),
}

impl Outcome {
    /// Deliver it again, not before this has passed.
    pub fn retry_after(time: Duration) -> Outcome {
        Outcome::Retry(Some(time))
    }

    /// Never deliver it again.
    pub fn drop(why: impl Into<String>) -> Outcome {
        Outcome::Drop(why.into())
    }
}

impl From<Outcome> for wit::Outcome {
    fn from(outcome: Outcome) -> wit::Outcome {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        match outcome {
            Outcome::Success => wit::Outcome::Success,
            Outcome::Retry(after) => wit::Outcome::Retry(after.map(millis)),
            Outcome::Drop(why) => wit::Outcome::Drop(why),
        }
    }
}

/// What a function that receives events may return: nothing or an [`Outcome`], or a [`Result`] of
/// either.
pub trait IntoOutcome {
    /// What becomes of the event.
    ///
    /// # Errors
    /// What kept the function from handling it.
    fn into_outcome(self) -> Result<Outcome>;
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Result<Outcome> {
        Ok(Outcome::Success)
    }
}

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Result<Outcome> {
        Ok(self)
    }
}

impl<T: IntoOutcome, E: Into<crate::Error>> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Result<Outcome> {
        self.map_err(Into::into)?.into_outcome()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn whatever_a_function_returns_is_an_outcome() {
        assert_eq!(().into_outcome(), Ok(Outcome::Success));
        assert_eq!(Ok::<_, Error>(()).into_outcome(), Ok(Outcome::Success));
        assert_eq!(Outcome::drop("x").into_outcome(), Ok(Outcome::Drop("x".to_owned())));
        let error = Error::unavailable("down");
        assert_eq!(Err::<(), _>(error.clone()).into_outcome(), Err(error));
        let wit::Outcome::Retry(after) =
            wit::Outcome::from(Outcome::retry_after(Duration::from_secs(2)))
        else {
            panic!("it is a retry")
        };
        assert_eq!(after, Some(2000));
    }
}
