// The three operations on configuration.

import { Error, config } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";
import * as read from "./read";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation == "config.get") return get(from, to);
  if (operation == "config.save") return save(from, to);
  if (operation == "config.delete") return delete_(from, to);
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function get(from: Decoder, to: Encoder): Error | null {
  const store = new config.Store(from.string());
  const scope = readScope(from);
  const keys = read.strings(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.getMany(scope, keys);
  if (to.outcome(outcome.isErr ? outcome.error : null)) {
    to.u32(outcome.value.length);
    for (let i = 0; i < outcome.value.length; i++) write(to, outcome.value[i]);
  }
  return null;
}

function save(from: Decoder, to: Encoder): Error | null {
  const store = new config.Store(from.string());
  const appId = from.string();
  const items: config.Item[] = [];
  for (let left = from.count(); left > 0; left--) items.push(readItem(from));
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.save(appId, items);
  to.outcome(outcome.isErr ? outcome.error : null);
  return null;
}

function delete_(from: Decoder, to: Encoder): Error | null {
  const store = new config.Store(from.string());
  const scope = readScope(from);
  const keys = read.strings(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.delete(scope, keys);
  to.outcome(outcome.isErr ? outcome.error : null);
  return null;
}

function readScope(from: Decoder): config.Scope {
  const appId = from.string();
  const group = from.string();
  return new config.Scope(appId, group, from.string());
}

function readItem(from: Decoder): config.Item {
  const key = from.string();
  const item = new config.Item(key, from.string());
  item.version = from.string();
  item.group = from.string();
  item.label = from.string();
  item.tags = read.options(from);
  item.metadata = read.options(from);
  return item;
}

function write(to: Encoder, item: config.Item): void {
  to.string(item.key);
  to.string(item.value);
  to.string(item.version);
  to.string(item.group);
  to.string(item.label);
  to.pairs(item.tags);
  to.pairs(item.metadata);
}
