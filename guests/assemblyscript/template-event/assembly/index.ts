// Logs each event that it receives.

import { Event, Outcome, log } from "@ottavo/sdk";

export function receive(event: Event): Outcome {
  const text = event.text();
  if (text.isErr) return Outcome.drop("not text");
  log.info(`received \`${text.value}\``);
  return Outcome.success();
}
