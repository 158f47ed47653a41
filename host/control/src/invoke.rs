//! One request to a function, by its name.

use serde::{Deserialize, Serialize};

use crate::base64_bytes;

/// A request as the function will see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvokeRequest {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The path with its query, as in a request line.
    pub path: String,
    /// In order; names may repeat.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// In base64.
    #[serde(default, with = "base64_bytes")]
    pub body: Vec<u8>,
}

/// What the function answered, or the host in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvokeReply {
    /// The HTTP status.
    pub status: u16,
    /// In order; names may repeat.
    pub headers: Vec<(String, String)>,
    /// In base64.
    #[serde(with = "base64_bytes")]
    pub body: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_travel_as_base64() {
        let request = InvokeRequest {
            method: "POST".into(),
            path: "/x?y=1".into(),
            headers: vec![("a".into(), "b".into())],
            body: vec![0, 255],
        };
        let json = serde_json::to_string(&request).expect("writes");
        assert!(json.contains(r#""body":"AP8=""#), "{json}");
        assert_eq!(serde_json::from_str::<InvokeRequest>(&json).expect("reads"), request);
    }
}
