//! What a message becomes.

use bytes::Bytes;
use ottavo_core::Kind;

use super::space::{Space, sorted, text};
use crate::pubsub::{Event, MAX_DATA, Message};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases![
    an_event_is_what_was_published,
    what_is_not_given_is_made_up,
    data_of_any_bytes_is_kept,
    the_largest_data_fits,
    data_beyond_the_largest_is_too_large,
    json_is_kept_as_it_is_written,
    json_that_is_none_is_refused,
    an_envelope_is_the_event_itself,
    an_envelope_that_is_none_is_refused,
    messages_that_break_a_rule_are_refused,
    two_messages_of_one_id_are_two_events,
];

/// What comes of a message.
async fn through(space: &Space, message: Message) -> Verdict<Event> {
    let topic = format!("t-{:08x}", fastrand::u32(..));
    let consumer = space.subscribe(&topic, "g").await?;
    let id = ok(space.send(&topic, message).await, "publish")?;
    let got = space.receive(&consumer).await?;
    equal!(got.event.id, id, "the id of the event");
    equal!(space.acknowledge(&consumer, &got.receipt).await?, true, "held");
    Ok(got.event)
}

async fn an_event_is_what_was_published(space: &Space) -> Verdict {
    let attributes = vec![
        ("traceparent".to_owned(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b-01".to_owned()),
        ("region".to_owned(), "日本 \"🦀\" \\".to_owned()),
    ];
    let message = Message {
        id: Some("id-1 ä".to_owned()),
        kind: Some("com.example.paid".to_owned()),
        subject: Some("orders/17".to_owned()),
        attributes,
        ..Message::new("text/plain; charset=utf-8", "hello")
    };
    let event = through(space, message.clone()).await?;
    equal!(Some(event.id.as_str()), message.id.as_deref(), "id");
    equal!(Some(event.kind), message.kind, "type");
    equal!(event.subject, message.subject, "subject");
    equal!(event.content_type, message.content_type, "content type");
    equal!(event.data, message.data, "data");
    let mut sorted = message.attributes;
    sorted.sort();
    equal!(event.attributes, sorted, "attributes");
    Ok(())
}

async fn what_is_not_given_is_made_up(space: &Space) -> Verdict {
    let (one, two) = (Message::new("", "x"), Message::new("", "x"));
    let (one, two) = (through(space, one).await?, through(space, two).await?);
    ensure!(one.id != two.id, "two events have the id `{}`", one.id);
    equal!(one.kind, "com.runtime.event.sent", "type");
    ensure!(!one.source.is_empty(), "the source is empty");
    equal!(one.subject, None, "subject");
    equal!(one.content_type, "application/octet-stream", "content type");
    let time = one.time.ok_or("there is no time")?;
    ensure!(time.ends_with('Z') && time.contains('T'), "`{time}` is no time in UTC");
    Ok(())
}

async fn data_of_any_bytes_is_kept(space: &Space) -> Verdict {
    let all: Vec<u8> = (0..=255).collect();
    for content_type in ["application/octet-stream", "text/plain", "image/png"] {
        for data in [&b""[..], b"\0", b"\xff\xfe", "日本語".as_bytes(), b"{\"a\":", &all] {
            let message = Message::new(content_type, Bytes::copy_from_slice(data));
            let event = through(space, message).await?;
            equal!(&event.data[..], data, "data as `{content_type}`");
            equal!(event.content_type, content_type, "content type");
        }
    }
    Ok(())
}

async fn the_largest_data_fits(space: &Space) -> Verdict {
    let mut data = vec![0; MAX_DATA];
    fastrand::Rng::with_seed(7).fill(&mut data);
    let event = through(space, Message::new("application/octet-stream", data.clone())).await?;
    // not printed
    ensure!(event.data == data, "other data came: {} bytes", event.data.len());
    Ok(())
}

async fn data_beyond_the_largest_is_too_large(space: &Space) -> Verdict {
    let message = Message::new("text/plain", vec![b'x'; MAX_DATA + 1]);
    refused(space.send("a", message).await, Kind::TooLarge, "publish of too much data")
}

async fn json_is_kept_as_it_is_written(space: &Space) -> Verdict {
    for data in ["{\"b\": 1.0, \"a\":[ ]}", " {} ", "null", "\"x\"", "12345678901234567890.10"] {
        for content_type in ["application/json", "application/vnd.x+json; charset=utf-8"] {
            let message = Message::new(content_type, data.to_owned());
            let event = through(space, message).await?;
            equal!(&event.data[..], data.as_bytes(), "data");
            equal!(event.content_type, content_type, "content type");
        }
    }
    Ok(())
}

async fn json_that_is_none_is_refused(space: &Space) -> Verdict {
    for data in ["", "{", "{} {}", "x", "\"\u{1}\""] {
        let message = Message::new("application/json", data.to_owned());
        let sent = space.send("a", message).await;
        refused(sent, Kind::InvalidArgument, &format!("publish of `{data}` as JSON"))?;
    }
    Ok(())
}

async fn an_envelope_is_the_event_itself(space: &Space) -> Verdict {
    let json = r#"{"specversion":"1.0","id":"e-7","source":"/till/3","type":"paid","subject":"17",
        "time":"2026-01-02T03:04:05+01:00","datacontenttype":"application/json","region":"eu",
        "n":5,"data":{"total": 10.50}}"#;
    let event = through(space, Message::new("application/cloudevents+json", json)).await?;
    equal!(event.id.as_str(), "e-7", "id");
    equal!((&*event.source, &*event.kind), ("/till/3", "paid"), "source and type");
    equal!(event.subject.as_deref(), Some("17"), "subject");
    equal!(event.time.as_deref(), Some("2026-01-02T03:04:05+01:00"), "time");
    equal!(event.content_type, "application/json", "content type");
    equal!(&event.data[..], br#"{"total": 10.50}"#, "data");
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    equal!(event.attributes, [pair("n", "5"), pair("region", "eu")], "attributes");
    let json = r#"{"specversion":"1.0","id":"8","source":"s","type":"t","data_base64":"AP8="}"#;
    let event = through(space, Message::new("application/cloudevents+json", json)).await?;
    equal!(&event.data[..], b"\0\xff", "binary data");
    Ok(())
}

async fn an_envelope_that_is_none_is_refused(space: &Space) -> Verdict {
    for json in [
        "",
        "[]",
        r#"{"specversion":"1.0","id":"1","source":"s"}"#,
        r#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#,
        r#"{"specversion":"1.0","id":"","source":"s","type":"t"}"#,
        r#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"noon"}"#,
        r#"{"specversion":"1.0","id":"1","source":"s","type":"t","Upper":"x"}"#,
        r#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"AA=="}"#,
    ] {
        let message = Message::new("application/cloudevents+json", json.to_owned());
        let sent = space.send("a", message).await;
        refused(sent, Kind::InvalidArgument, &format!("publish of the envelope `{json}`"))?;
    }
    Ok(())
}

async fn messages_that_break_a_rule_are_refused(space: &Space) -> Verdict {
    let pair = |name: &str| vec![(name.to_owned(), "x".to_owned())];
    for (what, message) in [
        ("an empty id", Message { id: Some(String::new()), ..text("1") }),
        ("a type with NUL", Message { kind: Some("a\0".to_owned()), ..text("1") }),
        ("a subject with a line end", Message { subject: Some("a\n".to_owned()), ..text("1") }),
        ("an empty ordering key", Message { ordering_key: Some(String::new()), ..text("1") }),
        ("no media type", Message::new("json", "1")),
        ("an attribute in upper case", Message { attributes: pair("Region"), ..text("1") }),
        ("an attribute with a place", Message { attributes: pair("source"), ..text("1") }),
        (
            "an attribute twice",
            Message { attributes: [pair("a"), pair("a")].concat(), ..text("1") },
        ),
    ] {
        refused(space.send("a", message).await, Kind::InvalidArgument, what)?;
    }
    let subject = Some("x".repeat(64 << 10));
    refused(space.send("a", Message { subject, ..text("1") }).await, Kind::TooLarge, "64 KiB")
}

async fn two_messages_of_one_id_are_two_events(space: &Space) -> Verdict {
    let consumer = space.subscribe("a", "g").await?;
    for data in ["1", "2"] {
        let message = Message { id: Some("same".to_owned()), ..text(data) };
        ok(space.send("a", message).await, "publish")?;
    }
    let got = space.receive_many(&consumer, 2).await?;
    equal!(sorted(&got), ["1", "2"], "what came");
    Ok(())
}
