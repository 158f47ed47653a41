//! HTTP status codes by name, those that functions send.
//!
//! ```
//! use ottavo_sdk::{Response, status};
//!
//! assert_eq!(Response::status(status::NO_CONTENT).status_code(), 204);
//! ```

macro_rules! codes {
    ($($name:ident = $code:literal;)*) => {
        $(#[doc = concat!("`", $code, "`")] pub const $name: u16 = $code;)*
    };
}

codes! {
    OK = 200;
    CREATED = 201;
    ACCEPTED = 202;
    NO_CONTENT = 204;
    MOVED_PERMANENTLY = 301;
    FOUND = 302;
    SEE_OTHER = 303;
    NOT_MODIFIED = 304;
    TEMPORARY_REDIRECT = 307;
    PERMANENT_REDIRECT = 308;
    BAD_REQUEST = 400;
    UNAUTHORIZED = 401;
    FORBIDDEN = 403;
    NOT_FOUND = 404;
    METHOD_NOT_ALLOWED = 405;
    CONFLICT = 409;
    GONE = 410;
    PRECONDITION_FAILED = 412;
    PAYLOAD_TOO_LARGE = 413;
    UNSUPPORTED_MEDIA_TYPE = 415;
    UNPROCESSABLE_CONTENT = 422;
    TOO_MANY_REQUESTS = 429;
    INTERNAL_SERVER_ERROR = 500;
    NOT_IMPLEMENTED = 501;
    BAD_GATEWAY = 502;
    SERVICE_UNAVAILABLE = 503;
    GATEWAY_TIMEOUT = 504;
}
