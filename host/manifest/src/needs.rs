//! `[needs]`: what the function may reach, block by block.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! needs {
    ($($(#[$doc:meta])* $block:ident,)*) => {
        /// What the function may reach; nothing else is.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Needs {
            $($(#[$doc])* #[serde(skip_serializing_if = "Vec::is_empty")] pub $block: Vec<String>,)*
        }

        impl Needs {
            /// Each block, with what is asked of it.
            pub fn each(&self) -> Vec<(&'static str, &[String])> {
                vec![$((stringify!($block), &*self.$block)),*]
            }
        }
    };
}

needs! {
    /// Bindings, by name.
    binding,
    /// Stores of configuration: `store`, or `store:key` or `store:prefix*` for some of its keys.
    config,
    /// Secret stores: `store`, or `store:key` or `store:prefix*` for some of its secrets.
    secret,
    /// State stores: `store`, or `store:key` or `store:prefix*` for some of its keys.
    state,
    /// Stores of locks: `store`, or `store:key` or `store:prefix*` for some of its resources.
    lock,
    /// Stores of ids: `store`, or `store:key` or `store:prefix*` for some of its keys.
    sequencer,
    /// Functions and apps: `name`, `fn:name`, `app:id`, or one with `*` at its end.
    invoke,
    /// Hosts of the outside: `[private:][scheme://]host[:port]`.
    egress,
    /// Pub/sub stores to publish to: `store`, or `store:key` or `store:prefix*` for some of its topics.
    pubsub,
    /// Stores of files: `store`, or `store:key` or `store:prefix*` for some of its names.
    file,
}

impl Needs {
    /// Each block, and whether any of it is asked for.
    pub fn blocks(&self) -> Vec<(&'static str, bool)> {
        self.each().into_iter().map(|(block, needs)| (block, !needs.is_empty())).collect()
    }
}
