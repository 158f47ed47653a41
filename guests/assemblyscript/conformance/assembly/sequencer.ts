// The two operations on ids.

import { Error, Result, sequencer } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation == "sequencer.next") return next(from, to);
  if (operation == "sequencer.next-range") return nextRange(from, to);
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function next(from: Decoder, to: Encoder): Error | null {
  const store = new sequencer.Sequencer(from.string());
  const key = from.string();
  const order = readOrder(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.next(key, order);
  if (to.outcome(failure(outcome))) to.u64(outcome.value);
  return null;
}

function nextRange(from: Decoder, to: Encoder): Error | null {
  const store = new sequencer.Sequencer(from.string());
  const key = from.string();
  const order = readOrder(from);
  const size = from.u32();
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.nextRange(key, order, size);
  if (!to.outcome(failure(outcome))) return null;
  to.u64(outcome.value.first);
  to.u64(outcome.value.last);
  return null;
}

function readOrder(from: Decoder): sequencer.Order {
  const index = from.u8();
  if (index > 1) from.noCase("order", index);
  return index == 1 ? sequencer.Order.Strong : sequencer.Order.Weak;
}

function failure<T>(outcome: Result<T>): Error | null {
  return outcome.isErr ? outcome.error : null;
}
