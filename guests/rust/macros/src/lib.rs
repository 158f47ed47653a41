//! The attributes of `ottavo-sdk`, which re-exports and documents them.
//!
//! Written on `proc_macro` alone: a function's build should not wait for a parser of all of Rust
//! when only a signature is looked at.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

mod signature;

use signature::Signature;

/// A refusal, and the token it points at.
type Refusal = (Span, String);

/// What an attribute makes of a function.
struct Attribute {
    name: &'static str,
    /// What the function may take, in a word.
    takes: &'static str,
    /// Where it says where its routes and topics are.
    place: &'static str,
    /// The types and the macro of the SDK.
    function: &'static str,
    method: &'static str,
    argument: &'static str,
    answer: &'static str,
    into: &'static str,
    export: &'static str,
    macro_name: &'static str,
}

const HTTP: Attribute = Attribute {
    name: "http",
    takes: "request",
    place: "routes are in function.toml",
    function: "HttpFunction",
    method: "answer",
    argument: "Request",
    answer: "Response",
    into: "IntoResponse::into_response",
    export: "HttpExport",
    macro_name: "__export_http_function",
};

const EVENT: Attribute = Attribute {
    name: "event",
    takes: "event",
    place: "topics and schedules are in function.toml",
    function: "EventFunction",
    method: "receive",
    argument: "Event",
    answer: "Outcome",
    into: "IntoOutcome::into_outcome",
    export: "EventExport",
    macro_name: "__export_event_function",
};

/// Makes a function answer HTTP requests. See `ottavo_sdk::http`.
#[proc_macro_attribute]
pub fn http(arguments: TokenStream, item: TokenStream) -> TokenStream {
    HTTP.put_on(arguments, item)
}

/// Makes a function receive events. See `ottavo_sdk::event`.
#[proc_macro_attribute]
pub fn event(arguments: TokenStream, item: TokenStream) -> TokenStream {
    EVENT.put_on(arguments, item)
}

impl Attribute {
    fn put_on(&self, arguments: TokenStream, item: TokenStream) -> TokenStream {
        match self.expand(arguments, &item) {
            Ok(glue) => item.into_iter().chain(glue).collect(),
            // the function stays, so that the refusal is the only complaint
            Err(refusal) => item.into_iter().chain(compile_error(refusal)).collect(),
        }
    }

    fn expand(&self, arguments: TokenStream, item: &TokenStream) -> Result<TokenStream, Refusal> {
        if let Some(token) = arguments.into_iter().next() {
            let message = format!("`{}` takes no arguments: {}", self.name, self.place);
            return Err((token.span(), message));
        }
        let Signature { name, takes_argument } = Signature::of(item, self.name, self.takes)?;
        let given = if takes_argument { "given" } else { "" };
        let Attribute { function, method, argument, answer, into, export, macro_name, .. } = self;
        let glue = format!(
            "
            const _: () = {{
                enum Function {{}}
                impl ::ottavo_sdk::__private::{function} for Function {{
                    fn {method}(given: ::ottavo_sdk::{argument})
                        -> ::ottavo_sdk::Result<::ottavo_sdk::{answer}>
                    {{
                        let _ = &given;
                        ::ottavo_sdk::{into}(FUNCTION({given}))
                    }}
                }}
                type Exported = ::ottavo_sdk::__private::{export}<Function>;
                // elsewhere the linker knows no such names; the types are checked all the same
                #[cfg(not(target_family = \"wasm\"))]
                const _: ::core::option::Option<Exported> = ::core::option::Option::None;
                #[cfg(target_family = \"wasm\")]
                ::ottavo_sdk::__private::bindings::{macro_name}!(
                    Exported with_types_in ::ottavo_sdk::__private::bindings
                );
            }};"
        );
        let glue: TokenStream = glue
            .parse()
            .map_err(|_| (Span::call_site(), format!("the glue of `{}` is not Rust", self.name)))?;
        Ok(put_name(glue, &name))
    }
}

/// Puts the user's function, with the place it stands at, where the glue says `FUNCTION`.
fn put_name(glue: TokenStream, name: &Ident) -> TokenStream {
    glue.into_iter()
        .map(|token| match token {
            TokenTree::Ident(word) if word.to_string() == "FUNCTION" => name.clone().into(),
            TokenTree::Group(group) => {
                let inner = put_name(group.stream(), name);
                let mut renamed = Group::new(group.delimiter(), inner);
                renamed.set_span(group.span());
                renamed.into()
            }
            other => other,
        })
        .collect()
}

fn compile_error((span, message): Refusal) -> TokenStream {
    let mut text = Literal::string(&message);
    text.set_span(span);
    let mut call = Group::new(Delimiter::Brace, TokenTree::from(text).into());
    call.set_span(span);
    let mut bang = Punct::new('!', Spacing::Alone);
    bang.set_span(span);
    let name = Ident::new("compile_error", span);
    [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(call)].into_iter().collect()
}
