// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Option, Result, Tuple2 } from "./abi";
import * as types from "./types";

// @ts-ignore: decorator
@external("ottavo:runtime/pubsub@0.1.0", "publish")
declare function _publish(a0: usize, a1: usize): void;

// @ts-ignore: decorator
@external("ottavo:runtime/pubsub@0.1.0", "publish-many")
declare function _publishMany(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize): void;

/** An event of CloudEvents 1.0, and how to deliver it. */
export class Message {
  constructor(
    public data: Uint8Array,
    /**
     * A media type, or nothing for `application/octet-stream`; `application/json` must be JSON. With
     * `application/cloudevents+json`, `data` is a whole event in JSON, and none of its attributes may stand beside it.
     */
    public contentType: string,
    /** The attributes of the event; made up when none. */
    public id: string | null,
    public type_: string | null,
    public subject: string | null,
    /** Messages of one key are delivered in order, where the driver can: 1 to 4096 bytes, without NUL and without `||`. */
    public orderingKey: string | null,
    /** Not delivered before this has passed. */
    public delay: Option<u64>,
    /** Not delivered once this has passed, counted from the publishing. */
    public ttl: Option<u64>,
    /** Further attributes of the event; their names are lower-case letters and digits. */
    public attributes: Array<Tuple2<string, string>>,
    public options: Array<Tuple2<string, string>>,
  ) {}
}

/** Returns the event's id once the store has accepted it. */
export function publish(store_: string, topic: string, message: Message): Result<string, types.Error> {
  const mark = abi.mark();
  const area = abi.allocate(128, 8);
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  store<usize>(area, storeLength, 4);
  store<usize>(area, storePointer, 0);
  const topicPointer = abi.lowerString(topic);
  const topicLength = abi.lowered.length;
  store<usize>(area, topicLength, 12);
  store<usize>(area, topicPointer, 8);
  const data = message.data;
  store<usize>(area, data.length, 20);
  store<usize>(area, data.dataStart, 16);
  const contentTypePointer = abi.lowerString(message.contentType);
  const contentTypeLength = abi.lowered.length;
  store<usize>(area, contentTypeLength, 28);
  store<usize>(area, contentTypePointer, 24);
  const id = message.id;
  if (id === null) {
    store<u8>(area, 0, 32);
  } else {
    const payload2 = id;
    store<u8>(area, 1, 32);
    const payloadPointer = abi.lowerString(payload2);
    const payloadLength = abi.lowered.length;
    store<usize>(area, payloadLength, 40);
    store<usize>(area, payloadPointer, 36);
  }
  const type_ = message.type_;
  if (type_ === null) {
    store<u8>(area, 0, 44);
  } else {
    const payload4 = type_;
    store<u8>(area, 1, 44);
    const payloadPointer2 = abi.lowerString(payload4);
    const payloadLength2 = abi.lowered.length;
    store<usize>(area, payloadLength2, 52);
    store<usize>(area, payloadPointer2, 48);
  }
  const subject = message.subject;
  if (subject === null) {
    store<u8>(area, 0, 56);
  } else {
    const payload6 = subject;
    store<u8>(area, 1, 56);
    const payloadPointer3 = abi.lowerString(payload6);
    const payloadLength3 = abi.lowered.length;
    store<usize>(area, payloadLength3, 64);
    store<usize>(area, payloadPointer3, 60);
  }
  const orderingKey = message.orderingKey;
  if (orderingKey === null) {
    store<u8>(area, 0, 68);
  } else {
    const payload8 = orderingKey;
    store<u8>(area, 1, 68);
    const payloadPointer4 = abi.lowerString(payload8);
    const payloadLength4 = abi.lowered.length;
    store<usize>(area, payloadLength4, 76);
    store<usize>(area, payloadPointer4, 72);
  }
  const delay = message.delay;
  if (!delay.isSome) {
    store<u8>(area, 0, 80);
  } else {
    const payload10 = delay.value;
    store<u8>(area, 1, 80);
    store<i64>(area, payload10, 88);
  }
  const ttl = message.ttl;
  if (!ttl.isSome) {
    store<u8>(area, 0, 96);
  } else {
    const payload12 = ttl.value;
    store<u8>(area, 1, 96);
    store<i64>(area, payload12, 104);
  }
  const attributes = message.attributes;
  const attributesPointer = abi.allocate(attributes.length * 16, 4);
  for (let i = 0; i < attributes.length; i++) {
    const element = attributes[i];
    const base = attributesPointer + i * 16;
    const fPointer = abi.lowerString(element.f0);
    const fLength = abi.lowered.length;
    store<usize>(base, fLength, 4);
    store<usize>(base, fPointer, 0);
    const fPointer2 = abi.lowerString(element.f1);
    const fLength2 = abi.lowered.length;
    store<usize>(base, fLength2, 12);
    store<usize>(base, fPointer2, 8);
  }
  store<usize>(area, attributes.length, 116);
  store<usize>(area, attributesPointer, 112);
  const options = message.options;
  const optionsPointer = abi.allocate(options.length * 16, 4);
  for (let i2 = 0; i2 < options.length; i2++) {
    const element2 = options[i2];
    const base2 = optionsPointer + i2 * 16;
    const fPointer3 = abi.lowerString(element2.f0);
    const fLength3 = abi.lowered.length;
    store<usize>(base2, fLength3, 4);
    store<usize>(base2, fPointer3, 0);
    const fPointer4 = abi.lowerString(element2.f1);
    const fLength4 = abi.lowered.length;
    store<usize>(base2, fLength4, 12);
    store<usize>(base2, fPointer4, 8);
  }
  store<usize>(area, options.length, 124);
  store<usize>(area, optionsPointer, 120);
  const area2 = abi.allocate(28, 4);
  _publish(area, area2);
  let outcome: Result<string, types.Error> = abi.zero<Result<string, types.Error>>();
  if (load<u8>(area2, 0) == 0) {
    outcome = abi.ok<string, types.Error>(abi.liftString(load<usize>(area2, 4), load<usize>(area2, 8)));
  } else {
    const pointer = load<usize>(area2, 20);
    const count = load<usize>(area2, 24);
    const list = new Array<Tuple2<string, string>>(<i32>count);
    for (let i3: usize = 0; i3 < count; i3++) {
      const base3 = pointer + i3 * 16;
      list[<i32>i3] = new Tuple2<string, string>(abi.liftString(load<usize>(base3, 0), load<usize>(base3, 4)), abi.liftString(load<usize>(base3, 8), load<usize>(base3, 12)));
    }
    abi.release(pointer, count * 16);
    outcome = abi.err<string, types.Error>(new types.Error(load<u8>(area2, 4), abi.liftString(load<usize>(area2, 8), load<usize>(area2, 12)), (load<u8>(area2, 16) != 0), list));
  }
  abi.reset(mark);
  return outcome;
}

/** In the order given, each message with an outcome of its own. */
export function publishMany(store_: string, topic: string, messages: Array<Message>): Result<Array<Result<string, types.Error>>, types.Error> {
  const mark = abi.mark();
  const storePointer = abi.lowerString(store_);
  const storeLength = abi.lowered.length;
  const topicPointer = abi.lowerString(topic);
  const topicLength = abi.lowered.length;
  const messagesPointer = abi.allocate(messages.length * 112, 8);
  for (let i3 = 0; i3 < messages.length; i3++) {
    const element = messages[i3];
    const base = messagesPointer + i3 * 112;
    const data = element.data;
    store<usize>(base, data.length, 4);
    store<usize>(base, data.dataStart, 0);
    const contentTypePointer = abi.lowerString(element.contentType);
    const contentTypeLength = abi.lowered.length;
    store<usize>(base, contentTypeLength, 12);
    store<usize>(base, contentTypePointer, 8);
    const id = element.id;
    if (id === null) {
      store<u8>(base, 0, 16);
    } else {
      const payload2 = id;
      store<u8>(base, 1, 16);
      const payloadPointer = abi.lowerString(payload2);
      const payloadLength = abi.lowered.length;
      store<usize>(base, payloadLength, 24);
      store<usize>(base, payloadPointer, 20);
    }
    const type_ = element.type_;
    if (type_ === null) {
      store<u8>(base, 0, 28);
    } else {
      const payload4 = type_;
      store<u8>(base, 1, 28);
      const payloadPointer2 = abi.lowerString(payload4);
      const payloadLength2 = abi.lowered.length;
      store<usize>(base, payloadLength2, 36);
      store<usize>(base, payloadPointer2, 32);
    }
    const subject = element.subject;
    if (subject === null) {
      store<u8>(base, 0, 40);
    } else {
      const payload6 = subject;
      store<u8>(base, 1, 40);
      const payloadPointer3 = abi.lowerString(payload6);
      const payloadLength3 = abi.lowered.length;
      store<usize>(base, payloadLength3, 48);
      store<usize>(base, payloadPointer3, 44);
    }
    const orderingKey = element.orderingKey;
    if (orderingKey === null) {
      store<u8>(base, 0, 52);
    } else {
      const payload8 = orderingKey;
      store<u8>(base, 1, 52);
      const payloadPointer4 = abi.lowerString(payload8);
      const payloadLength4 = abi.lowered.length;
      store<usize>(base, payloadLength4, 60);
      store<usize>(base, payloadPointer4, 56);
    }
    const delay = element.delay;
    if (!delay.isSome) {
      store<u8>(base, 0, 64);
    } else {
      const payload10 = delay.value;
      store<u8>(base, 1, 64);
      store<i64>(base, payload10, 72);
    }
    const ttl = element.ttl;
    if (!ttl.isSome) {
      store<u8>(base, 0, 80);
    } else {
      const payload12 = ttl.value;
      store<u8>(base, 1, 80);
      store<i64>(base, payload12, 88);
    }
    const attributes = element.attributes;
    const attributesPointer = abi.allocate(attributes.length * 16, 4);
    for (let i = 0; i < attributes.length; i++) {
      const element2 = attributes[i];
      const base2 = attributesPointer + i * 16;
      const fPointer = abi.lowerString(element2.f0);
      const fLength = abi.lowered.length;
      store<usize>(base2, fLength, 4);
      store<usize>(base2, fPointer, 0);
      const fPointer2 = abi.lowerString(element2.f1);
      const fLength2 = abi.lowered.length;
      store<usize>(base2, fLength2, 12);
      store<usize>(base2, fPointer2, 8);
    }
    store<usize>(base, attributes.length, 100);
    store<usize>(base, attributesPointer, 96);
    const options = element.options;
    const optionsPointer = abi.allocate(options.length * 16, 4);
    for (let i2 = 0; i2 < options.length; i2++) {
      const element3 = options[i2];
      const base3 = optionsPointer + i2 * 16;
      const fPointer3 = abi.lowerString(element3.f0);
      const fLength3 = abi.lowered.length;
      store<usize>(base3, fLength3, 4);
      store<usize>(base3, fPointer3, 0);
      const fPointer4 = abi.lowerString(element3.f1);
      const fLength4 = abi.lowered.length;
      store<usize>(base3, fLength4, 12);
      store<usize>(base3, fPointer4, 8);
    }
    store<usize>(base, options.length, 108);
    store<usize>(base, optionsPointer, 104);
  }
  const area = abi.allocate(28, 4);
  _publishMany(storePointer, storeLength, topicPointer, topicLength, messagesPointer, messages.length, area);
  let outcome2: Result<Array<Result<string, types.Error>>, types.Error> = abi.zero<Result<Array<Result<string, types.Error>>, types.Error>>();
  if (load<u8>(area, 0) == 0) {
    const pointer2 = load<usize>(area, 4);
    const count2 = load<usize>(area, 8);
    const list2 = new Array<Result<string, types.Error>>(<i32>count2);
    for (let i5: usize = 0; i5 < count2; i5++) {
      const base4 = pointer2 + i5 * 28;
      let outcome: Result<string, types.Error> = abi.zero<Result<string, types.Error>>();
      if (load<u8>(base4, 0) == 0) {
        outcome = abi.ok<string, types.Error>(abi.liftString(load<usize>(base4, 4), load<usize>(base4, 8)));
      } else {
        const pointer = load<usize>(base4, 20);
        const count = load<usize>(base4, 24);
        const list = new Array<Tuple2<string, string>>(<i32>count);
        for (let i4: usize = 0; i4 < count; i4++) {
          const base5 = pointer + i4 * 16;
          list[<i32>i4] = new Tuple2<string, string>(abi.liftString(load<usize>(base5, 0), load<usize>(base5, 4)), abi.liftString(load<usize>(base5, 8), load<usize>(base5, 12)));
        }
        abi.release(pointer, count * 16);
        outcome = abi.err<string, types.Error>(new types.Error(load<u8>(base4, 4), abi.liftString(load<usize>(base4, 8), load<usize>(base4, 12)), (load<u8>(base4, 16) != 0), list));
      }
      list2[<i32>i5] = outcome;
    }
    abi.release(pointer2, count2 * 28);
    outcome2 = abi.ok<Array<Result<string, types.Error>>, types.Error>(list2);
  } else {
    const pointer3 = load<usize>(area, 20);
    const count3 = load<usize>(area, 24);
    const list3 = new Array<Tuple2<string, string>>(<i32>count3);
    for (let i6: usize = 0; i6 < count3; i6++) {
      const base6 = pointer3 + i6 * 16;
      list3[<i32>i6] = new Tuple2<string, string>(abi.liftString(load<usize>(base6, 0), load<usize>(base6, 4)), abi.liftString(load<usize>(base6, 8), load<usize>(base6, 12)));
    }
    abi.release(pointer3, count3 * 16);
    outcome2 = abi.err<Array<Result<string, types.Error>>, types.Error>(new types.Error(load<u8>(area, 4), abi.liftString(load<usize>(area, 8), load<usize>(area, 12)), (load<u8>(area, 16) != 0), list3));
  }
  abi.reset(mark);
  return outcome2;
}
