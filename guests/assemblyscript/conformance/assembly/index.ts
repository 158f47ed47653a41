// Makes one runtime API call per request, for the conformance suite.
//
// The request's body is an encoded call, the answer's body its encoded outcome. The encoding is
// described in `tests/conformance/relay.md`. Every call goes through the SDK's public functions.

import { Error, Request, Response, Result, err, ok } from "@ottavo/sdk";
import * as context from "./context";
import { Decoder } from "./decode";
import { Encoder } from "./encode";
import * as binding from "./binding";
import * as config from "./config";
import * as secret from "./secret";
import * as lock from "./lock";
import * as outgoing from "./outgoing";
import * as peer from "./peer";
import * as pubsub from "./pubsub";
import * as sequencer from "./sequencer";
import * as file from "./file";
import * as state from "./state";

export function handle(request: Request): Result<Response> {
  // called by name, it stands in for the app that the cases of `invoke` call
  if (!request.path.startsWith("/conformance/")) return ok(peer.answer(request));
  const from = new Decoder(request.body);
  const operation = from.string();
  const to = new Encoder();
  const refused = call(operation, from, to);
  if (refused !== null) return err<Response>(refused);
  return ok(Response.bytes(to.finish()));
}

function call(operation: string, from: Decoder, to: Encoder): Error | null {
  const failure = from.failure;
  if (failure !== null) return failure;
  if (operation.startsWith("context.")) return context.call(operation, from, to);
  if (operation.startsWith("http-client.")) return outgoing.call(operation, from, to);
  if (operation.startsWith("invoke.")) return outgoing.call(operation, from, to);
  if (operation.startsWith("lock.")) return lock.call(operation, from, to);
  if (operation.startsWith("pubsub.")) return pubsub.call(operation, from, to);
  if (operation.startsWith("sequencer.")) return sequencer.call(operation, from, to);
  if (operation.startsWith("binding.")) return binding.call(operation, from, to);
  if (operation.startsWith("config.")) return config.call(operation, from, to);
  if (operation.startsWith("secret.")) return secret.call(operation, from, to);
  if (operation.startsWith("file.")) return file.call(operation, from, to);
  return state.call(operation, from, to);
}
