//! The JSON form of an event, with the members that Layotto and Dapr give it: for publishers that give
//! whole events, and for drivers whose backend is shared with other programs.
//!
//! Data survives byte for byte: JSON stands in it as it is written, text as a string, and what
//! would change that way as base64.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Result};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Event, EventId, Topic};

/// The media type of an event in this form.
pub const MEDIA_TYPE: &str = "application/cloudevents+json";

/// Names that are no further attributes: they have a field of their own, or the store writes them.
pub(super) const RESERVED: &[&str] = &[
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "data",
    "topic",
    "pubsubname",
    "traceid",
    "expiration",
];

/// Those that the store writes; they are no part of the event.
const OURS: &[&str] = &["topic", "pubsubname", "traceid"];

/// Room for what stands beside the data of most events, in bytes.
const ATTRIBUTES: usize = 384;

/// Whether data of this media type is an event in this form.
pub fn is_envelope(content_type: &str) -> bool {
    essence(content_type).eq_ignore_ascii_case(MEDIA_TYPE)
}

/// Whether data of this media type is JSON.
pub fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type).to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

pub(super) fn is_valid_json(data: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(data).is_ok()
}

fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The event in this form, with where it was published and when it expires.
pub fn encode(event: &Event, pubsub: &str, topic: &Topic, expires: Option<UnixMillis>) -> Vec<u8> {
    let mut json = Vec::with_capacity(ATTRIBUTES + event.data.len());
    json.extend_from_slice(br#"{"specversion":"1.0""#);
    let mut add = |name: &str, text: &str| member(&mut json, name, text);
    add("id", event.id.as_str());
    add("source", &event.source);
    add("type", &event.kind);
    add("datacontenttype", &event.content_type);
    add("topic", topic.name());
    add("pubsubname", pubsub);
    add("traceid", "");
    for (name, text) in [("subject", &event.subject), ("time", &event.time)] {
        if let Some(text) = text {
            add(name, text);
        }
    }
    if let Some(at) = expires {
        add("expiration", &rfc3339(at));
    }
    for (name, text) in &event.attributes {
        add(name, text);
    }
    data_member(event, &mut json);
    json.push(b'}');
    json
}

/// Writes a member that is not the first.
fn member(json: &mut Vec<u8>, name: &str, text: &str) {
    for (before, text) in [(b',', name), (b':', text)] {
        json.push(before);
        serde_json::to_writer(&mut *json, text).expect("memory takes all that is written");
    }
}

fn data_member(event: &Event, json: &mut Vec<u8>) {
    let data = &event.data[..];
    let binary = essence(&event.content_type).eq_ignore_ascii_case("application/octet-stream");
    if is_json(&event.content_type)
        && serde_json::from_slice::<&RawValue>(data).is_ok_and(|raw| raw.get().as_bytes() == data)
        // which says that there is no data
        && data != b"null"
    {
        json.extend_from_slice(br#","data":"#);
        json.extend_from_slice(data);
        return;
    }
    let text = std::str::from_utf8(data).ok();
    match text.filter(|_| !binary && !is_json(&event.content_type)) {
        Some(text) => member(json, "data", text),
        None => member(json, "data_base64", &STANDARD.encode(data)),
    }
}

/// Reads an event in this form, and when it expires. The rules of attributes are not checked.
///
/// # Errors
/// `invalid-argument` that says what is wrong with it.
pub fn decode(json: &[u8]) -> Result<(Event, Option<UnixMillis>)> {
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_slice(json)
        .map_err(|error| wrong("is not a JSON object").with_source(error))?;
    let mut optional = |name: &str| -> Result<Option<String>> {
        members.remove(name).and_then(|raw| text(name, raw).transpose()).transpose()
    };
    let specversion = optional("specversion")?;
    if specversion.as_deref() != Some("1.0") {
        return Err(wrong("has no `specversion` that is `1.0`"));
    }
    let mut required =
        |name: &str| optional(name)?.ok_or_else(|| wrong(&format!("has no `{name}`")));
    let (id, source, kind) = (required("id")?, required("source")?, required("type")?);
    let (subject, time) = (optional("subject")?, optional("time")?);
    let content_type = optional("datacontenttype")?;
    let expires = match optional("expiration")? {
        None => None,
        Some(text) => {
            Some(millis(&text).ok_or_else(|| wrong("has an `expiration` that is no time in UTC"))?)
        }
    };
    let base64 = optional("data_base64")?;
    let data = members.remove("data").filter(|raw| raw.get() != "null");
    let content_type = content_type.unwrap_or_else(|| match base64 {
        Some(_) => "application/octet-stream".to_owned(),
        None => "application/json".to_owned(),
    });
    let data = match (data, base64) {
        (None, None) => Bytes::new(),
        (Some(raw), None) => self::data(raw, &content_type),
        (None, Some(text)) => STANDARD
            .decode(text)
            .map_err(|error| wrong("has `data_base64` that is not base64").with_source(error))?
            .into(),
        (Some(_), Some(_)) => return Err(wrong("has both `data` and `data_base64`")),
    };
    let mut attributes = Vec::new();
    for (name, raw) in members.into_iter().filter(|(name, _)| !OURS.contains(&&**name)) {
        if let Some(text) = text(&name, raw)? {
            attributes.push((name, text));
        }
    }
    let id = EventId::new(id);
    Ok((Event { id, source, kind, subject, time, content_type, attributes, data }, expires))
}

/// Outside JSON, a string is its text.
fn data(raw: &RawValue, content_type: &str) -> Bytes {
    match serde_json::from_str::<String>(raw.get()) {
        Ok(text) if !is_json(content_type) => text.into(),
        _ => Bytes::copy_from_slice(raw.get().as_bytes()),
    }
}

/// The value of an attribute as text; none for `null`.
fn text(name: &str, raw: &RawValue) -> Result<Option<String>> {
    match serde_json::from_str(raw.get()) {
        Ok(Value::String(text)) => Ok(Some(text)),
        Ok(Value::Null) => Ok(None),
        Ok(Value::Bool(_) | Value::Number(_)) => Ok(Some(raw.get().to_owned())),
        _ => {
            let name = name.escape_debug();
            Err(wrong(&format!("has an attribute `{name}` that is no text, number or boolean")))
        }
    }
}

fn wrong(what: &str) -> Error {
    Error::invalid(format!("the event {what}: see CloudEvents 1.0, JSON format"))
}

/// A time as CloudEvents write it.
pub fn rfc3339(at: UnixMillis) -> String {
    // what can be shown ends with the year 9999
    const LAST: UnixMillis = 253_402_300_799_999;
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(at.min(LAST))).to_string()
}

fn millis(text: &str) -> Option<UnixMillis> {
    let since = humantime::parse_rfc3339(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

/// Whether text has the form of a time in RFC 3339.
pub(super) fn is_rfc3339(text: &str) -> bool {
    let fits = |text: &str, form: &str| {
        let digit = |(c, f): (char, char)| if f == '0' { c.is_ascii_digit() } else { c == f };
        text.len() == form.len() && text.chars().zip(form.chars()).all(digit)
    };
    let Some((until_seconds, rest)) = text.split_at_checked(19) else { return false };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        Some(_) => return false,
        None => rest,
    };
    fits(&until_seconds.to_ascii_uppercase(), "0000-00-00T00:00:00")
        && (matches!(rest, "Z" | "z") || fits(rest, "+00:00") || fits(rest, "-00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(content_type: &str, data: &[u8]) -> Event {
        Event {
            id: EventId::new("7"),
            source: "/till".to_owned(),
            kind: "paid".to_owned(),
            subject: Some("ä\"".to_owned()),
            time: None,
            content_type: content_type.to_owned(),
            attributes: vec![("region".to_owned(), "eu".to_owned())],
            data: Bytes::copy_from_slice(data),
        }
    }

    #[test]
    fn data_comes_back_byte_for_byte() {
        let topic = Topic::parse("orders").expect("valid");
        for (content_type, data, member) in [
            ("application/json", &b"{\"b\": 1.0, \"a\":[ ]}"[..], r#""data":{"b": 1.0, "a":[ ]}}"#),
            ("application/json", b" 1 ", r#""data_base64":"IDEg"}"#),
            ("application/json", b"null", r#""data_base64":"bnVsbA=="}"#),
            ("application/vnd.x+json", b"\"x\"", r#""data":"x"}"#),
            ("text/plain", b"a\"b", r#""data":"a\"b"}"#),
            ("text/plain", b"", r#""data":""}"#),
            ("text/plain", b"\xff\0", r#""data_base64":"/wA="}"#),
            ("application/octet-stream", b"abc", r#""data_base64":"YWJj"}"#),
        ] {
            let event = event(content_type, data);
            let json = encode(&event, "bus", &topic, Some(1_700_000_000_000));
            let text = String::from_utf8(json.clone()).expect("JSON is text");
            assert!(text.ends_with(member), "{text}");
            let (back, expires) = decode(&json).expect(&text);
            assert_eq!(expires, Some(1_700_000_000_000));
            assert_eq!(back, event);
        }
    }

    #[test]
    fn an_envelope_of_dapr_reads() {
        let json = br#"{"data":"hi","datacontenttype":"text/plain","id":"1","pubsubname":"b",
            "source":"runtime","specversion":"1.0","topic":"t","traceid":"","type":"x","n":3}"#;
        let (event, expires) = decode(json).expect("valid");
        assert_eq!((&event.data[..], expires), (&b"hi"[..], None));
        assert_eq!(event.attributes, [("n".to_owned(), "3".to_owned())]);
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for (json, word) in [
            ("[]", "JSON object"),
            ("{", "JSON object"),
            (r#"{"id":"1","source":"s","type":"t"}"#, "`specversion`"),
            (r#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#, "`specversion`"),
            (r#"{"specversion":"1.0","source":"s","type":"t"}"#, "`id`"),
            (r#"{"specversion":"1.0","id":"1","source":"s","type":{}}"#, "`type`"),
            (
                r#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":""}"#,
                "both",
            ),
            (
                r#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"?"}"#,
                "base64",
            ),
        ] {
            let error = decode(json.as_bytes()).expect_err(json).to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn times_have_a_form() {
        for good in ["2024-02-29T01:02:03Z", "2024-02-29t01:02:03.5+02:00"] {
            assert!(is_rfc3339(good), "{good}");
        }
        for bad in [
            "",
            "2024-02-29",
            "2024-02-29T01:02:03",
            "2024-02-29T01:02:03.Z",
            "ä".repeat(20).as_str(),
        ] {
            assert!(!is_rfc3339(bad), "{bad}");
        }
    }
}
