// The two operations on pub/sub.

import { Error, Result, pubsub } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";
import * as read from "./read";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation == "pubsub.publish") return publish(from, to);
  if (operation == "pubsub.publish-many") return publishMany(from, to);
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function publish(from: Decoder, to: Encoder): Error | null {
  const store = new pubsub.Store(from.string());
  const topic = from.string();
  const given = message(from);
  const refused = from.end();
  if (refused === null) published(to, store.publish(topic, given));
  return refused;
}

function publishMany(from: Decoder, to: Encoder): Error | null {
  const store = new pubsub.Store(from.string());
  const topic = from.string();
  const messages: pubsub.Message[] = [];
  for (let left = from.count(); left > 0; left--) messages.push(message(from));
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.publishMany(topic, messages);
  if (to.outcome(outcome.isErr ? outcome.error : null)) {
    to.u32(outcome.value.length);
    for (let i = 0; i < outcome.value.length; i++) published(to, outcome.value[i]);
  }
  return null;
}

function message(from: Decoder): pubsub.Message {
  const data = from.bytes();
  const message = new pubsub.Message(from.string(), data);
  if (from.option()) message.id(from.string());
  if (from.option()) message.eventType(from.string());
  if (from.option()) message.subject(from.string());
  if (from.option()) message.orderingKey(from.string());
  if (from.option()) message.delay(from.u64());
  if (from.option()) message.ttl(from.u64());
  const attributes = read.options(from);
  for (let i = 0; i < attributes.length; i++) message.attribute(attributes.name(i), attributes.value(i));
  const options = read.options(from);
  for (let i = 0; i < options.length; i++) message.option(options.name(i), options.value(i));
  return message;
}

function published(to: Encoder, outcome: Result<string>): void {
  if (to.outcome(outcome.isErr ? outcome.error : null)) to.string(outcome.value);
}
