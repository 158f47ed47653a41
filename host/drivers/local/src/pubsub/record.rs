//! How an event is laid out in the file: the length of its attributes, these as JSON, and the data.

use bytes::Bytes;
use ottavo_blocks::pubsub::{Event, EventId};
use ottavo_core::{Error, Kind, Result};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Attributes {
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    datacontenttype: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<(String, String)>,
}

pub(super) fn encode(event: Event) -> Result<Vec<u8>> {
    let Event { id, source, kind, subject, time, content_type, attributes, data } = event;
    let attributes = Attributes {
        id: id.into_string(),
        source,
        kind,
        subject,
        time,
        datacontenttype: content_type,
        others: attributes,
    };
    let json = serde_json::to_vec(&attributes)
        .map_err(|error| Error::internal("cannot write an event").with_source(error))?;
    let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
    Ok([&length.to_le_bytes()[..], &json, &data].concat())
}

/// Reads an event back.
///
/// # Errors
/// `data-loss` when it is none.
pub(super) fn decode(record: &[u8]) -> Result<Event> {
    let lost = || Error::new(Kind::DataLoss, "an event cannot be read back");
    let (length, rest) = record.split_first_chunk().ok_or_else(lost)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (json, data) = rest.split_at_checked(length).ok_or_else(lost)?;
    let read: Attributes =
        serde_json::from_slice(json).map_err(|error| lost().with_source(error))?;
    Ok(Event {
        id: EventId::new(read.id),
        source: read.source,
        kind: read.kind,
        subject: read.subject,
        time: read.time,
        content_type: read.datacontenttype,
        attributes: read.others,
        data: Bytes::copy_from_slice(data),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_reads_back_and_what_is_none_is_data_loss() {
        let event = Event {
            id: EventId::new("1"),
            source: "till".to_owned(),
            kind: "paid".to_owned(),
            subject: None,
            time: Some("2026-01-02T03:04:05Z".to_owned()),
            content_type: "text/plain".to_owned(),
            attributes: vec![("region".to_owned(), "日本".to_owned())],
            data: Bytes::from_static(b"\0\xff"),
        };
        let record = encode(event.clone()).expect("encode");
        assert_eq!(decode(&record).expect("decode"), event);
        for bad in [&[][..], &record[..3], &record[..9], &[0, 0, 0, 0]] {
            assert_eq!(decode(bad).expect_err("no record").kind(), Kind::DataLoss);
        }
    }
}
