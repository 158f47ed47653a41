// Counts: `GET /counter/:name` tells the number, `POST` adds one. Many may count at the same time.

import { Error, Kind, Request, Response, Result, err, ok, parseInteger, state } from "@ottavo/sdk";

/** How often the etag way tries before it gives up. */
const TRIES = 10;

export function handle(request: Request): Result<Response> {
  const key = "counter:" + request.param("name")!;
  const number = request.method == "POST" ? add(key, request.query("how")) : read(key);
  if (number.isErr) return err<Response>(number.error);
  return ok(Response.text(number.value.toString()));
}

function add(key: string, how: string | null): Result<i64> {
  // the store adds: nothing can come between
  if (how === null) return new state.Store("default").increment(key, 1);
  if (how == "etag") return addByEtag(key);
  return err<i64>(Error.invalidArgument(`no way to count is called \`${how}\`: use \`etag\``));
}

/** Reads, adds, and writes only if nobody else wrote in between; else tries again. */
function addByEtag(key: string): Result<i64> {
  const store = new state.Store("default");
  let conflict = Error.conflict("nothing was tried");
  for (let i = 0; i < TRIES; i++) {
    const found = store.get(key);
    if (found.isErr) return err<i64>(found.error);
    const old = found.value;
    const number = numberIn(old);
    if (number.isErr) return number;
    const next = number.value + 1;
    const entry = state.Entry.text(key, next.toString());
    const written = store.setEntry(old === null ? entry.ifAbsent() : entry.ifMatch(old.etag));
    if (written.isOk) return ok(next);
    if (written.error.kind != Kind.Conflict) return err<i64>(written.error);
    conflict = written.error;
  }
  return err<i64>(conflict);
}

function read(key: string): Result<i64> {
  const found = new state.Store("default").get(key);
  return found.isErr ? err<i64>(found.error) : numberIn(found.value);
}

/** 0 where nobody has counted yet. */
function numberIn(value: state.Value | null): Result<i64> {
  if (value === null) return ok<i64>(0);
  const text = value.text();
  return text.isErr ? err<i64>(text.error) : parseInteger<i64>(text.value);
}
