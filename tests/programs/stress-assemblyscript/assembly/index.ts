// Echoes, stores, fails and aborts, for the tests of guests.

import { Error, Kind, Request, Response, Result, err, kindName, log, ok, parseInteger, state, status } from "@ottavo/sdk";

export function handle(request: Request): Result<Response> {
  const what = request.method + " " + request.param("what")!;
  if (what == "POST echo") return ok(echo(request));
  if (what == "POST store") return store(request);
  if (what == "GET memory") return ok(memoryUse());
  if (what == "GET panic") {
    outer(text(request));
  } else if (what == "GET trap") {
    return ok(Response.text(descend(3, text(request).length).toString()));
  } else if (what == "GET fail") {
    return err<Response>(new Error("as asked", kind(request)));
  } else if (what == "GET log") {
    log.info(text(request));
    // there are no standard streams: these are lines of the log, too
    console.log("out: " + text(request));
    console.error("err: " + text(request));
    return ok(Response.status(status.NO_CONTENT));
  }
  return err<Response>(Error.notFound(`there is no \`${what}\``));
}

function echo(request: Request): Response {
  return Response.bytes(request.body).withHeader("x-length", request.body.length.toString());
}

/** Writes the body so many times, and reads it back each time. */
function store(request: Request): Result<Response> {
  const key = request.query("key");
  const times = parseInteger<u32>(request.query("times") || "1");
  if (key === null) return err<Response>(Error.invalidArgument("the query has no `key`"));
  if (times.isErr) return err<Response>(times.error);
  const into = new state.Store("default");
  let last = request.body;
  for (let i: u32 = 0; i < times.value; i++) {
    const written = into.setBytes(key, request.body);
    if (written.isErr) return err<Response>(written.error);
    const read = into.get(key);
    if (read.isErr) return err<Response>(read.error);
    const value = read.value;
    if (value === null || !same(value.bytes, request.body)) {
      return err<Response>(Error.internal("what was read is not what was written"));
    }
    last = value.bytes;
  }
  return ok(Response.text(fnv1a(last)));
}

function same(a: Uint8Array, b: Uint8Array): bool {
  if (a.length != b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

function fnv1a(bytes: Uint8Array): string {
  let hash: u64 = 0xcbf29ce484222325;
  for (let i = 0; i < bytes.length; i++) hash = (hash ^ bytes[i]) * 0x100000001b3;
  return hash.toString(16).padStart(16, "0");
}

/** The runtime does not count its collections. */
function memoryUse(): Response {
  return Response.text(`memory=${memory.size() << 16} collections=-`);
}

function outer(text: string): void {
  inner(text);
}

function inner(text: string): void {
  throw new Error(text);
}

function descend(steps: i32, by: i32): i32 {
  if (steps > 0) return descend(steps - 1, by) + 1;
  return stepOnAMine(4, by);
}

/** Divides by zero, which traps. Calls itself, so that it stays a function of its own. */
function stepOnAMine(steps: i32, by: i32): i32 {
  if (steps > 0) return stepOnAMine(steps - 1, by) + 1;
  return 100 / by;
}

function text(request: Request): string {
  const text = request.query("text");
  return text === null ? "" : text;
}

function kind(request: Request): Kind {
  const asked = request.query("kind");
  for (let kind = Kind.InvalidArgument; kind < Kind.Other; kind++) {
    if (kindName(kind) == asked) return kind;
  }
  return Kind.Other;
}
