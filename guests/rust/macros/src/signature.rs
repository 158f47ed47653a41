//! What the attributes read of a function: its name, and whether it takes what it is called with.

use proc_macro::{Delimiter, Ident, Span, TokenStream, TokenTree};

use crate::Refusal;

/// A plain function, as the attributes accept it.
pub(crate) struct Signature {
    pub(crate) name: Ident,
    pub(crate) takes_argument: bool,
}

impl Signature {
    /// Reads an item up to its arguments, for the attribute of this name; `what` is what the
    /// function may take.
    pub(crate) fn of(
        item: &TokenStream,
        attribute: &str,
        what: &str,
    ) -> Result<Signature, Refusal> {
        let mut tokens = item.clone().into_iter().peekable();
        loop {
            match tokens.next() {
                Some(TokenTree::Punct(mark)) if mark.as_char() == '#' => drop(tokens.next()),
                Some(TokenTree::Ident(word)) => match word.to_string().as_str() {
                    "fn" => break,
                    "pub" => {
                        let scope = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
                        drop(tokens.next_if(scope));
                    }
                    "async" => {
                        return refuse(
                            word.span(),
                            "an `async` function has nobody to poll it: runtime calls wait by themselves, so remove `async`",
                        );
                    }
                    "unsafe" | "const" | "extern" => {
                        return refuse(
                            word.span(),
                            &format!("`{attribute}` wants a plain function: remove `{word}`"),
                        );
                    }
                    _ => return refuse(word.span(), &format!("`{attribute}` goes on a function")),
                },
                Some(other) => {
                    return refuse(other.span(), &format!("`{attribute}` goes on a function"));
                }
                None => {
                    return refuse(Span::call_site(), &format!("`{attribute}` goes on a function"));
                }
            }
        }
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return refuse(
                Span::call_site(),
                &format!("`{attribute}` goes on a function with a name"),
            );
        };
        match tokens.next() {
            Some(TokenTree::Group(arguments)) => {
                let takes_argument = takes_argument(arguments.stream(), attribute, what)?;
                Ok(Signature { name, takes_argument })
            }
            Some(other) => refuse(
                other.span(),
                &format!("a function behind `{attribute}` cannot be generic: it takes the {what}"),
            ),
            None => refuse(name.span(), "the function has no arguments list"),
        }
    }
}

/// None or one argument; a comma may end the list, and commas inside `<...>` separate nothing.
fn takes_argument(arguments: TokenStream, attribute: &str, what: &str) -> Result<bool, Refusal> {
    let mut tokens = arguments.into_iter().peekable();
    let mut depth = 0;
    let mut any = false;
    while let Some(token) = tokens.next() {
        any = true;
        match &token {
            TokenTree::Ident(word) if word.to_string() == "self" => {
                return refuse(
                    word.span(),
                    &format!("`{attribute}` goes on a free function, not on a method"),
                );
            }
            TokenTree::Punct(mark) => match mark.as_char() {
                '<' => depth += 1,
                '>' => depth -= 1,
                ',' if depth == 0 && tokens.peek().is_some() => {
                    return refuse(
                        mark.span(),
                        &format!("a function behind `{attribute}` takes the {what} alone"),
                    );
                }
                _ => {}
            },
            _ => {}
        }
    }
    Ok(any)
}

fn refuse<T>(span: Span, message: &str) -> Result<T, Refusal> {
    Err((span, message.to_owned()))
}
