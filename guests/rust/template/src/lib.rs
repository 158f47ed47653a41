//! Greets whoever the query names.

use ottavo_sdk::Request;

#[ottavo_sdk::http]
fn greet(request: Request) -> String {
    format!("Hello, {}!\n", request.query("name").as_deref().unwrap_or("world"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_in_the_query_is_greeted() {
        assert_eq!(greet(Request::new("GET", "/?name=Ada")), "Hello, Ada!\n");
        assert_eq!(greet(Request::new("GET", "/")), "Hello, world!\n");
    }
}
