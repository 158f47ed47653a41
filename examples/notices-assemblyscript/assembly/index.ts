// Tells a webhook of each receipt. Where it is and the token that it wants stand in the host's
// configuration, `[binding.webhook]`: this function sees neither.
//
// The webhook may hear of a receipt more than once. It knows it again by the header `Idempotency-Key`.

import { Event, Outcome, Pairs, Result, binding, log, ok } from "@ottavo/sdk";
import { untold } from "./untold";

export function receive(event: Event): Result<Outcome> {
  const headers = Pairs.empty()
    .append("Content-Type", event.contentType)
    .append("Idempotency-Key", event.id);
  const answer = new binding.Binding("webhook").invokeBytes("post", event.data, headers);
  if (answer.isErr) return untold(answer.error);
  log.field("receipt", event.id).info("webhook told");
  return ok(Outcome.success());
}
