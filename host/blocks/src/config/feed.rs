//! Updates from what a store holds: the difference between two looks at it, made when the subscriber
//! asks for the next update.
//!
//! Nothing is queued. A subscriber costs its driver what it was last told, and a look at the store
//! whenever that may have changed.

use std::collections::BTreeMap;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream;
use ottavo_core::Result;

use super::{Item, Key, Update, Updates};

/// What one subscriber wants, in a driver's store.
#[async_trait]
pub trait Source: Send + 'static {
    /// The items that there are now.
    ///
    /// # Behavior
    /// - Changes from now on end the next [`Source::changed`].
    async fn look(&mut self) -> Result<Vec<Item>>;

    /// Waits until the items may be others than at the last look. Looking once too often is fine.
    ///
    /// # Errors
    /// When the store drops, or the host stops.
    async fn changed(&mut self) -> Result<()>;
}

/// The updates of a source. The first look is taken now.
///
/// # Errors
/// That of the first look.
pub async fn follow(mut source: impl Source) -> Result<Updates> {
    let first = source.look().await?;
    let mut known = Known::default();
    let first = known.learn(first);
    let later = stream::unfold(Some((source, known)), async |state| {
        let (mut source, mut known) = state?;
        match next(&mut source, &mut known).await {
            Ok(update) => Some((Ok(update), Some((source, known)))),
            Err(error) => Some((Err(error), None)),
        }
    });
    Ok(stream::once(async { Ok(first) }).chain(later).boxed())
}

/// The next update that says anything.
async fn next(source: &mut impl Source, known: &mut Known) -> Result<Update> {
    loop {
        source.changed().await?;
        let update = known.learn(source.look().await?);
        if update != Update::default() {
            return Ok(update);
        }
    }
}

/// What the subscriber was told.
#[derive(Default)]
struct Known(BTreeMap<Key, Item>);

impl Known {
    fn learn(&mut self, now: Vec<Item>) -> Update {
        let mut before = std::mem::take(&mut self.0);
        let mut update = Update::default();
        for item in now {
            let old = before.remove(&item.key);
            if old.as_ref() != Some(&item) && self.0.get(&item.key) != Some(&item) {
                update.items.push(item.clone());
            }
            self.0.insert(item.key.clone(), item);
        }
        update.deleted = before.into_keys().collect();
        update
    }
}

#[cfg(test)]
mod tests {
    use ottavo_core::{Error, Kind};

    use super::*;

    /// Looks, one after the other, and then an error.
    struct Looks(Vec<&'static [(&'static str, &'static str)]>);

    #[async_trait]
    impl Source for Looks {
        async fn look(&mut self) -> Result<Vec<Item>> {
            let item =
                |(key, value): &(&str, &str)| Item::new(Key::parse(*key).expect("valid"), *value);
            Ok(self.0.remove(0).iter().map(item).collect())
        }

        async fn changed(&mut self) -> Result<()> {
            match self.0.is_empty() {
                true => Err(Error::new(Kind::Unavailable, "gone")),
                false => Ok(()),
            }
        }
    }

    async fn told(looks: Vec<&'static [(&'static str, &'static str)]>) -> Vec<String> {
        let updates = follow(Looks(looks)).await.expect("a first look");
        let shown = updates.map(|update| match update {
            Ok(Update { items, deleted }) => {
                let items = items.iter().map(|item| format!("{}={}", item.key, item.value));
                let deleted = deleted.iter().map(|key| format!("-{key}"));
                items.chain(deleted).collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.message().to_owned(),
        });
        shown.collect().await
    }

    #[tokio::test]
    async fn differences_are_told_and_the_error_is_the_last() {
        let looks: Vec<&[_]> = vec![
            &[("a", "1"), ("b", "1")],
            &[("a", "1"), ("b", "1")],
            &[("a", "2"), ("c", "1"), ("c", "1")],
            &[],
            &[("a", "2")],
        ];
        assert_eq!(told(looks).await, ["a=1 b=1", "a=2 c=1 -b", "-a -c", "a=2", "gone"]);
        assert_eq!(told(vec![&[]]).await, ["", "gone"]);
    }
}
