// The nine operations on state.

import { Error, Result, state } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";
import * as read from "./read";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation == "state.get") return get(from, to);
  if (operation == "state.get-many") return getMany(from, to);
  if (operation == "state.set") return set(from, to);
  if (operation == "state.set-many") return setMany(from, to);
  if (operation == "state.delete") return delete_(from, to);
  if (operation == "state.delete-many") return deleteMany(from, to);
  if (operation == "state.transact") return transact(from, to);
  if (operation == "state.increment") return increment(from, to);
  if (operation == "state.list-keys") return listKeys(from, to);
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function get(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const key = from.string();
  const options = read.options(from);
  const refused = from.end();
  if (refused === null) found(to, store.get(key, options));
  return refused;
}

function getMany(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const keys = read.strings(from);
  const options = read.options(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.getMany(keys, options);
  if (to.outcome(failure(outcome))) {
    to.u32(outcome.value.length);
    for (let i = 0; i < outcome.value.length; i++) found(to, outcome.value[i]);
  }
  return null;
}

function set(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const entry = read.entry(from);
  const refused = from.end();
  if (refused === null) written(to, store.setEntry(entry));
  return refused;
}

function setMany(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const entries = read.entries(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.setMany(entries);
  if (to.outcome(failure(outcome))) {
    to.u32(outcome.value.length);
    for (let i = 0; i < outcome.value.length; i++) written(to, outcome.value[i]);
  }
  return null;
}

function delete_(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const removal = read.removal(from);
  const refused = from.end();
  if (refused === null) to.outcome(failure(store.deleteEntry(removal)));
  return refused;
}

function deleteMany(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const removals = read.removals(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.deleteMany(removals);
  if (to.outcome(failure(outcome))) {
    to.u32(outcome.value.length);
    for (let i = 0; i < outcome.value.length; i++) to.outcome(failure(outcome.value[i]));
  }
  return null;
}

function transact(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const transaction = read.transaction(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.transact(transaction);
  if (to.outcome(failure(outcome))) {
    to.u32(outcome.value.length);
    for (let i = 0; i < outcome.value.length; i++) to.text(outcome.value[i]);
  }
  return null;
}

function increment(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const key = from.string();
  const delta = <i64>from.u64();
  const initial = read.expiry(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.increment(key, delta, initial);
  if (to.outcome(failure(outcome))) to.u64(outcome.value);
  return null;
}

function listKeys(from: Decoder, to: Encoder): Error | null {
  const store = new state.Store(from.string());
  const prefix = from.string();
  const cursor: string | null = from.option() ? from.string() : null;
  const limit = from.u32();
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.listPage(prefix, cursor, limit);
  if (to.outcome(failure(outcome))) {
    to.strings(outcome.value.keys);
    to.text(outcome.value.next);
  }
  return null;
}

function found(to: Encoder, outcome: Result<state.Value | null>): void {
  if (!to.outcome(failure(outcome))) return;
  const value = outcome.value;
  to.bool(value !== null);
  if (value === null) return;
  to.bytes(value.bytes);
  to.string(value.etag);
}

function written(to: Encoder, outcome: Result<string>): void {
  if (to.outcome(failure(outcome))) to.string(outcome.value);
}

function failure<T>(outcome: Result<T>): Error | null {
  return outcome.isErr ? outcome.error : null;
}
