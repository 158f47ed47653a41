//! A function that imports an interface its world declares and no host has.

use bindings::example::missing::thing;
use ottavo_sdk::Request;

#[expect(unsafe_code, reason = "the canonical ABI is pointers and lengths")]
#[rustfmt::skip]
mod bindings;

#[ottavo_sdk::http]
fn bad_interface(_: Request) -> String {
    thing::call("anybody?").to_string()
}
