// The two operations on secrets.

import { Error, secret } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation == "secret.get") return get(from, to);
  if (operation == "secret.get-bulk") return getBulk(from, to);
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function get(from: Decoder, to: Encoder): Error | null {
  const store = new secret.Store(from.string());
  const name = from.string();
  const version: string | null = from.option() ? from.string() : null;
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.get(name, version);
  if (to.outcome(outcome.isErr ? outcome.error : null)) {
    const found = outcome.value;
    to.bool(found !== null);
    if (found !== null) write(to, found);
  }
  return null;
}

function getBulk(from: Decoder, to: Encoder): Error | null {
  const store = new secret.Store(from.string());
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.all();
  if (to.outcome(outcome.isErr ? outcome.error : null)) {
    to.u32(outcome.value.length);
    for (let i = 0; i < outcome.value.length; i++) {
      to.string(outcome.value[i].name);
      write(to, outcome.value[i].secret);
    }
  }
  return null;
}

function write(to: Encoder, found: secret.Secret): void {
  to.text(found.version);
  to.u32(found.length);
  for (let i = 0; i < found.length; i++) {
    to.string(found.nameAt(i));
    to.bytes(found.valueAt(i));
  }
}
