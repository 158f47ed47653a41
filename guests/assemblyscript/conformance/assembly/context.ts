// What surrounds a call, asked for one by one.

import { Error, context } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";

/** Reads the parameters, asks, and encodes the answer; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  const named = operation == "context.get" || operation == "context.setting";
  const name = named ? from.string() : "";
  const refused = from.end();
  if (refused !== null) return refused;
  if (operation == "context.request-id") to.string(context.requestId());
  else if (operation == "context.remaining") to.u64(context.remaining());
  else if (operation == "context.caller") to.text(context.caller());
  else if (operation == "context.remote") to.text(context.remote());
  else if (operation == "context.get") to.text(context.get(name));
  else if (operation == "context.setting") to.text(context.setting(name));
  else return Error.invalidArgument(`unknown operation \`${operation}\``);
  return null;
}
