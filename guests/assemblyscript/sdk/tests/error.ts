import { Error, Kind, Pairs, done, err, kindName, ok } from "@ottavo/sdk";

export function anErrorCrossesToTheHostAndBackInFull(): void {
  const error = Error.exhausted("too many").withDetail("limit", "5").withRetryable(false);
  const back = Error.of(error.raw());
  assert(back.kind == Kind.Exhausted && back.message == "too many" && !back.retryable);
  assert(back.detail("limit")! == "5" && back.detail("other") === null);
  assert(back.toString() == "exhausted: too many");
}

export function onlyWhatMayPassByWaitingIsRetryableByItself(): void {
  let retryable = "";
  for (let kind = Kind.InvalidArgument; kind <= Kind.Other; kind++) {
    if (new Error("", kind).retryable) retryable += kindName(kind) + " ";
  }
  assert(retryable == "exhausted unavailable ", retryable);
}

export function everyKindHasANameOfItsOwn(): void {
  const seen = Pairs.empty();
  for (let kind = Kind.InvalidArgument; kind <= Kind.Other; kind++) seen.set(kindName(kind), "");
  assert(seen.length == 16);
}

export function contextStandsBeforeTheMessage(): void {
  assert(Error.internal("boom").context("counting `a`").message == "counting `a`: boom");
}

export function aResultHasAValueOrAnError(): void {
  assert(ok(7).isOk && ok(7).value == 7 && ok(7).valueOr(8) == 7);
  const failed = err<i32>(Error.notFound("no"));
  assert(failed.isErr && failed.error.kind == Kind.NotFound && failed.valueOr(8) == 8);
  assert(done().value);
  assert(ok<string | null>(null).isOk);
}
