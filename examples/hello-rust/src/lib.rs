//! Greets whoever the path names.

use ottavo_sdk::Request;

#[ottavo_sdk::http]
fn hello(request: Request) -> String {
    format!("Hello, {}!", request.param("name").unwrap_or("world"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_in_the_path_is_greeted() {
        assert_eq!(
            hello(Request::new("GET", "/hello/Ada").with_param("name", "Ada")),
            "Hello, Ada!"
        );
        assert_eq!(hello(Request::new("GET", "/")), "Hello, world!");
    }
}
