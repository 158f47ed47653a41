//! Counts books: `GET /inventory?name=book1` tells how many there are, `PUT` sets it.

use ottavo_sdk::state::Store;
use ottavo_sdk::{Error, Request, Response, Result, log, status};

#[ottavo_sdk::http]
fn inventory(request: Request) -> Result<Response> {
    let name = book(&request)?;
    let store = Store::open("default");
    match request.method() {
        "PUT" => {
            let count = count(&request)?;
            store.set(&name, count.to_string())?;
            log::info!("inventory set", book = name, count = count);
            Ok(Response::status(status::NO_CONTENT))
        }
        _ => {
            let Some(count) = store.get(&name)? else {
                let hint = "PUT its number to this address first";
                return Err(Error::not_found(format!("no inventory of `{name}`: {hint}")));
            };
            Ok(Response::text(format!("There are {} inventories for {name}.", count.text()?)))
        }
    }
}

/// The book that the query names.
fn book(request: &Request) -> Result<String> {
    match request.query("name") {
        Some(name) if !name.is_empty() => Ok(name),
        _ => Err(Error::invalid_argument("the query names no book: add `?name=book1`")),
    }
}

/// The number in the body.
fn count(request: &Request) -> Result<u64> {
    let text = request.text()?.trim();
    text.parse().map_err(|_| {
        Error::invalid_argument(format!("`{text}` is no inventory: send a whole number, 0 or more"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ottavo_sdk::Kind;

    #[test]
    fn a_book_must_be_named() {
        let named = |target| book(&Request::new("GET", target));
        assert_eq!(named("/inventory?name=the%20stand").unwrap(), "the stand");
        for target in ["/inventory", "/inventory?name=", "/inventory?nam=book1"] {
            assert_eq!(named(target).unwrap_err().kind(), Kind::InvalidArgument);
        }
    }

    #[test]
    fn only_a_whole_number_is_a_count() {
        let counted = |body: &str| count(&Request::new("PUT", "/").with_body(body));
        assert_eq!(counted("0").unwrap(), 0);
        assert_eq!(counted(" 100\n").unwrap(), 100);
        for body in ["", "-1", "1.5", "many", "99999999999999999999"] {
            assert_eq!(counted(body).unwrap_err().kind(), Kind::InvalidArgument, "{body}");
        }
    }
}
