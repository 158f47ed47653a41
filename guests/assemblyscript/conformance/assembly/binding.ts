// The one operation on bindings.

import { Error, binding } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";
import * as read from "./read";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation != "binding.invoke") return Error.invalidArgument(`unknown operation \`${operation}\``);
  const target = new binding.Binding(from.string());
  const what = from.string();
  const data = from.bytes();
  const metadata = read.options(from);
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = target.invokeBytes(what, data, metadata);
  if (to.outcome(outcome.isErr ? outcome.error : null)) {
    to.bytes(outcome.value.bytes);
    to.pairs(outcome.value.metadata);
  }
  return null;
}
