//! The attributes of `ottavo-sdk`, which re-exports and documents them.
//!
//! Written on `proc_macro` alone: a function's build should not wait for a parser of all of Rust
//! when only a signature is looked at.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

mod signature;

use signature::Signature;

/// A refusal, and the token it points at.
type Refusal = (Span, String);

/// Makes a function answer HTTP requests. See `ottavo_sdk::http`.
#[proc_macro_attribute]
pub fn http(arguments: TokenStream, item: TokenStream) -> TokenStream {
    match expand(arguments, &item) {
        Ok(glue) => item.into_iter().chain(glue).collect(),
        // the function stays, so that the refusal is the only complaint
        Err(refusal) => item.into_iter().chain(compile_error(refusal)).collect(),
    }
}

fn expand(arguments: TokenStream, item: &TokenStream) -> Result<TokenStream, Refusal> {
    if let Some(token) = arguments.into_iter().next() {
        return Err((
            token.span(),
            "`http` takes no arguments: routes are in function.toml".into(),
        ));
    }
    let Signature { name, takes_request } = Signature::of(item)?;
    let argument = if takes_request { "request" } else { "" };
    let glue = "
        const _: () = {
            enum Function {}
            impl ::ottavo_sdk::__private::HttpFunction for Function {
                fn answer(request: ::ottavo_sdk::Request)
                    -> ::ottavo_sdk::Result<::ottavo_sdk::Response>
                {
                    let _ = &request;
                    ::ottavo_sdk::IntoResponse::into_response(FUNCTION(ARGUMENT))
                }
            }
            type Exported = ::ottavo_sdk::__private::HttpExport<Function>;
            // elsewhere the linker knows no such names; the types are checked all the same
            #[cfg(not(target_family = \"wasm\"))]
            const _: ::core::option::Option<Exported> = ::core::option::Option::None;
            #[cfg(target_family = \"wasm\")]
            ::ottavo_sdk::__private::bindings::__export_http_function!(
                Exported with_types_in ::ottavo_sdk::__private::bindings
            );
        };";
    let glue: TokenStream = glue
        .replace("ARGUMENT", argument)
        .parse()
        .map_err(|_| (Span::call_site(), "the glue of `http` is not Rust".to_owned()))?;
    Ok(put_name(glue, &name))
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
