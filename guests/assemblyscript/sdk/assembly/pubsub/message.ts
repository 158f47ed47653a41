// What is published.

import { Option, none, some } from "../bindings/abi";
import * as host from "../bindings/pubsub";
import { Pairs } from "../pairs";
import { encode } from "../text";

/** An event of CloudEvents 1.0, and how to deliver it. What is not given is made up. */
export class Message {
  private givenId: string | null = null;
  private givenType: string | null = null;
  private givenSubject: string | null = null;
  private givenKey: string | null = null;
  private givenDelay: Option<u64> = none<u64>();
  private givenTtl: Option<u64> = none<u64>();
  private attributes: Pairs = Pairs.empty();
  private options: Pairs = Pairs.empty();

  /**
   * Data of a media type. With `application/cloudevents+json` it is a whole event in JSON, and none of its
   * attributes may be given beside it.
   */
  constructor(public readonly contentType: string, public readonly bytes: Uint8Array) {}

  /** Text. */
  static text(text: string): Message {
    return new Message("text/plain", encode(text));
  }

  /** JSON, as text. */
  static json(json: string): Message {
    return new Message("application/json", encode(json));
  }

  /** The event's id. */
  id(id: string): this {
    this.givenId = id;
    return this;
  }

  /** The event's type: `com.example.paid`. */
  eventType(eventType: string): this {
    this.givenType = eventType;
    return this;
  }

  /** What the event is about. */
  subject(subject: string): this {
    this.givenSubject = subject;
    return this;
  }

  /** Events of one key are delivered in order, where the driver can. */
  orderingKey(key: string): this {
    this.givenKey = key;
    return this;
  }

  /** Not delivered before so many milliseconds have passed. */
  delay(millis: u64): this {
    this.givenDelay = some<u64>(millis);
    return this;
  }

  /** Not delivered once so many milliseconds have passed, counted from the publishing. */
  ttl(millis: u64): this {
    this.givenTtl = some<u64>(millis);
    return this;
  }

  /** Adds an attribute of the event, by a name of lower-case letters and digits. */
  attribute(name: string, value: string): this {
    this.attributes.append(name, value);
    return this;
  }

  /** Adds an option for the driver. */
  option(name: string, value: string): this {
    this.options.append(name, value);
    return this;
  }

  /** For the SDK: what the bindings take. */
  raw(): host.Message {
    return new host.Message(
      this.bytes,
      this.contentType,
      this.givenId,
      this.givenType,
      this.givenSubject,
      this.givenKey,
      this.givenDelay,
      this.givenTtl,
      this.attributes.raw(),
      this.options.raw(),
    );
  }
}
