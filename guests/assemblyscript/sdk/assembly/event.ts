// The event a function receives.

import { Event as RawEvent } from "./bindings/event-handler";
import { Error } from "./error";
import { Pairs } from "./pairs";
import { Result, err, ok } from "./result";
import { decode, encode, malformedAt } from "./text";

/** A CloudEvents 1.0 event, and how it came. */
export class Event {
  private constructor(private received: RawEvent) {}

  /** An event of one's own, to test a function with: of a topic. */
  static make(topic: string, data: string): Event {
    const type = "application/octet-stream";
    return new Event(
      new RawEvent("1", "test", "test", null, null, type, "subscribe", "default", topic, encode(data), 1, []),
    );
  }

  /** An event of one's own: a schedule is due, at a time in RFC 3339. */
  static due(schedule: string, time: string): Event {
    const event = Event.make("", "");
    event.received.id = time;
    event.received.time = time;
    event.received.trigger = "schedule";
    event.received.origin = schedule;
    return event;
  }

  /** Adds an attribute. */
  withAttribute(name: string, value: string): this {
    this.attributes.append(name, value);
    return this;
  }

  /** Sets which delivery it is. */
  withAttempt(attempt: u32): this {
    this.received.attempt = attempt;
    return this;
  }

  /** The id: the same on each delivery. */
  get id(): string {
    return this.received.id;
  }

  /** Who published it. */
  get source(): string {
    return this.received.source;
  }

  /** The attribute `type`. */
  get kind(): string {
    return this.received.type_;
  }

  /** What it is about. */
  get subject(): string | null {
    return this.received.subject;
  }

  /** When it happened, in RFC 3339. For a schedule: when it was due. */
  get time(): string | null {
    return this.received.time;
  }

  /** The media type of the data. */
  get contentType(): string {
    return this.received.contentType;
  }

  /** How it came: `subscribe`, `schedule`, ... */
  get trigger(): string {
    return this.received.trigger;
  }

  /** What it came through: the name of a pub/sub store, of a schedule, ... */
  get origin(): string {
    return this.received.origin;
  }

  /** The topic; empty when it came through none. */
  get topic(): string {
    return this.received.topic;
  }

  /** 1 on the first delivery. */
  get attempt(): u32 {
    return this.received.attempt;
  }

  /** An attribute of the publisher's. */
  attribute(name: string): string | null {
    return this.attributes.get(name);
  }

  /** All attributes of the publisher's. */
  get attributes(): Pairs {
    return Pairs.of(this.received.attributes);
  }

  /** The data. */
  get data(): Uint8Array {
    return this.received.data;
  }

  /** The data as text; `invalid-argument` when it is not UTF-8. */
  text(): Result<string> {
    const at = malformedAt(this.data);
    if (at < 0) return ok(decode(this.data));
    const place = at.toString();
    return err<string>(Error.invalidArgument(`the event is not text: no UTF-8 from byte ${place} on`));
  }

  /** For the SDK: around what the bindings have. */
  static of(received: RawEvent): Event {
    return new Event(received);
  }
}
