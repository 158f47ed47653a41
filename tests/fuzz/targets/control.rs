//! The requests of the deploy API.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ottavo_control::{
    DeployRequest, EventsRequest, InvokeRequest, LogsRequest, StateRequest, TrafficRequest,
};
use serde_json::from_slice;

fuzz_target!(|bytes: &[u8]| {
    let Some((which, json)) = bytes.split_first() else { return };
    match which % 6 {
        0 => {
            if let Ok(request) = from_slice::<DeployRequest>(json) {
                drop(request.manifest.check());
            }
        }
        1 => drop(from_slice::<TrafficRequest>(json)),
        2 => drop(from_slice::<InvokeRequest>(json)),
        3 => drop(from_slice::<LogsRequest>(json)),
        4 => drop(from_slice::<StateRequest>(json)),
        _ => drop(from_slice::<EventsRequest>(json)),
    }
});
