import { Error } from "@ottavo/sdk";
import { untold } from "../untold";

export function aWebhookThatIsAwayIsToldLater(): void {
  assert(untold(Error.unavailable("nobody listens")).isErr);
  assert(untold(Error.timeout("no answer")).isErr);
}

export function aWebhookThatSaysNoIsNotAskedAgain(): void {
  const outcome = untold(Error.failedPrecondition("it answered 401"));
  assert(outcome.isOk && outcome.value.isDrop);
}
