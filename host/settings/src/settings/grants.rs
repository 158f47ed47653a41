//! What is granted, in the words of `[needs]` of a function's manifest.

/// A table of settings with a list of grants for each block beside keys of its own.
macro_rules! granting {
    (
        $(#[$about:meta])*
        $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty,)* }
    ) => {
        $crate::settings::grants::granting! {
            @table $(#[$about])* $name { $($(#[$of_field])* $field: $type,)* }
            /// Bindings, by name.
            binding,
            /// Stores of configuration: `store`, or `store:key` or `store:prefix*` for some of its keys.
            config,
            /// Secret stores: `store`, or `store:name` or `store:prefix*` for some of its secrets.
            secret,
            /// State stores: `store`, or `store:key` or `store:prefix*` for some of its keys.
            state,
            /// Stores of locks: `store`, or `store:name` or `store:prefix*` for some of its resources.
            lock,
            /// Stores of ids: `store`, or `store:key` or `store:prefix*` for some of its keys.
            sequencer,
            /// Functions and apps: `name`, `fn:name`, `app:id`, or one with `*` at its end.
            invoke,
            /// Hosts of the outside: `[private:][scheme://]host[:port]`.
            egress,
            /// Pub/sub stores: `store`, or `store:topic` or `store:prefix*` for some of its topics.
            pubsub,
            /// Stores of files: `store`, or `store:name` or `store:prefix*` for some of its names.
            file,
        }
    };
    (
        @table $(#[$about:meta])*
        $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty,)* }
        $(#[doc = $doc:literal] $block:ident,)*
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$of_field])* pub $field: $type,)*
            $(
                #[doc = $doc]
                #[serde(default, skip_serializing_if = "Vec::is_empty")]
                pub $block: Vec<String>,
            )*
        }

        impl $name {
            /// Each block, with what is granted of it.
            pub fn grants(&self) -> Vec<(&'static str, &[String])> {
                vec![$((stringify!($block), &*self.$block)),*]
            }
        }
    };
}

pub(crate) use granting;
