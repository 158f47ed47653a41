// Does with each event what its data says, as the program `events` in Rust does.

import { Error, Event, Outcome, Request, Response, Result, context, err, ok, parseInteger, state } from "@ottavo/sdk";

export function handle(request: Request): Response {
  return Response.text(request.method + " " + request.path);
}

export function receive(event: Event): Result<Outcome> {
  const store = new state.Store("default");
  const written = store.set("event/" + event.id, told(event));
  if (written.isErr) return err<Outcome>(written.error);
  const tried = store.increment("tries/" + event.id, 1);
  if (tried.isErr) return err<Outcome>(tried.error);
  const obeyed = obey(event);
  if (obeyed.isErr || !obeyed.value.isSuccess) return obeyed;
  const done = store.increment("done/" + event.id, 1);
  if (done.isErr) return err<Outcome>(done.error);
  return obeyed;
}

function told(event: Event): string {
  let text = line("id", event.id) + line("source", event.source) + line("type", event.kind);
  text += line("subject", event.subject) + line("time", event.time);
  text += line("content-type", event.contentType) + line("trigger", event.trigger);
  text += line("origin", event.origin) + line("topic", event.topic);
  text += line("attempt", event.attempt.toString());
  const attributes = event.attributes;
  for (let i = 0; i < attributes.length; i++) {
    text += line("attribute." + attributes.name(i), attributes.value(i));
  }
  text += line("data", String.UTF8.decode(event.data.buffer));
  return text + line("scheme", context.get("scheme")) + line("version", context.get("version"));
}

function line(name: string, value: string | null): string {
  return name + "=" + (value === null ? "-" : value) + "\n";
}

function obey(event: Event): Result<Outcome> {
  const text = event.text();
  if (text.isErr) return err<Outcome>(text.error);
  const words = text.value.split(" ");
  const verb = words[0];
  if (verb == "drop") return ok(Outcome.drop(text.value.substring(5)));
  const last = words.length > 1 ? parseInteger<u32>(words[1]).valueOr(u32.MAX_VALUE) : u32.MAX_VALUE;
  if (event.attempt > last) return ok(Outcome.success());
  if (verb == "retry") {
    if (words.length < 3) return ok(Outcome.retry());
    return ok(Outcome.retryAfter(parseInteger<u64>(words[2]).valueOr(0)));
  }
  if (verb == "error") return err<Outcome>(Error.unavailable("told to fail"));
  if (verb == "trap") assert(false, "told to trap");
  return ok(Outcome.success());
}
