// The operations of `invoke` and of `http-client`.

import { Error, Response, Result, httpClient, invoke } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";
import * as read from "./read";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation == "invoke.call") {
    const target = from.string();
    const request = outgoing(from);
    const refused = from.end();
    if (refused === null) answer(to, invoke.call(target, request));
    return refused;
  }
  if (operation == "invoke.call-many") {
    const calls: invoke.Planned[] = [];
    for (let left = from.count(); left > 0; left--) {
      const target = from.string();
      calls.push(new invoke.Planned(target, outgoing(from)));
    }
    const refused = from.end();
    if (refused === null) answers(to, invoke.callMany(calls));
    return refused;
  }
  if (operation == "http-client.send") {
    const request = outgoing(from);
    const refused = from.end();
    if (refused === null) answer(to, httpClient.send(request));
    return refused;
  }
  if (operation == "http-client.send-many") {
    const requests: httpClient.Outgoing[] = [];
    for (let left = from.count(); left > 0; left--) requests.push(outgoing(from));
    const refused = from.end();
    if (refused === null) answers(to, httpClient.sendMany(requests));
    return refused;
  }
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function outgoing(from: Decoder): httpClient.Outgoing {
  const method = from.string();
  const request = new httpClient.Outgoing(method, from.string());
  const headers = read.options(from);
  for (let i = 0; i < headers.length; i++) request.withHeader(headers.name(i), headers.value(i));
  request.withBytes(from.bytes());
  if (from.option()) request.within(from.u64());
  return request;
}

function answers(to: Encoder, outcomes: Array<Result<Response>>): void {
  to.u32(outcomes.length);
  for (let i = 0; i < outcomes.length; i++) answer(to, outcomes[i]);
}

function answer(to: Encoder, outcome: Result<Response>): void {
  if (!to.outcome(outcome.isErr ? outcome.error : null)) return;
  const response = outcome.value;
  to.u16(response.status);
  to.u32(response.headers.length);
  for (let i = 0; i < response.headers.length; i++) {
    to.string(response.headers.name(i));
    to.string(response.headers.value(i));
  }
  to.bytes(response.body);
}
