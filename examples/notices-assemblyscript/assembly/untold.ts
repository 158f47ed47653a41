// What becomes of a receipt that the webhook was not told of.

import { Error, Kind, Outcome, Result, err, ok } from "@ottavo/sdk";

/** A webhook that is away is told later; one that says no, as with a wrong token, would say it again. */
export function untold(error: Error): Result<Outcome> {
  const isRefusal = error.kind == Kind.FailedPrecondition || error.kind == Kind.TooLarge;
  // a refused one waits among the dead letters for `ottavo events redrive default receipts.dead`
  return isRefusal ? ok(Outcome.drop(error.message)) : err<Outcome>(error);
}
