//! The door of functions: one request makes the call many times.

use std::net::SocketAddr;

use bytes::Bytes;
use ottavo_test_support::Client;

use crate::measure::Calls;

/// The most calls of one request: `limits.outbound_calls` ends a longer one.
const MOST: u64 = 1000;

/// `calls` of the test programs.
pub(crate) fn calls(http: SocketAddr, what: &str, store: &str, data: &Bytes) -> Calls {
    let path = format!("/calls/{what}?store={store}");
    let data = data.clone();
    Box::new(move |times| {
        let (path, data) = (path.clone(), data.clone());
        Box::pin(async move {
            let mut client = Client::open(http).await.unwrap();
            let mut left = times;
            while left > 0 {
                let now = left.min(MOST);
                left -= now;
                let path = format!("{path}&times={now}");
                let answer = client.send("POST", &path, data.clone()).await.unwrap();
                assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            }
        })
    })
}
