// The three operations on locks.

import { Error, Result, lock } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";

/** Reads the parameters, makes the call, and encodes its outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  if (operation == "lock.try-lock") return tryLock(from, to);
  if (operation == "lock.renew") return renew(from, to);
  if (operation == "lock.unlock") return unlock(from, to);
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function tryLock(from: Decoder, to: Encoder): Error | null {
  const store = new lock.Lock(from.string());
  const resource = from.string();
  const owner: string | null = from.option() ? from.string() : null;
  const ttl = from.u64();
  const wait = from.u64();
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = owner === null
    ? store.tryLock(resource, ttl, wait)
    : store.tryLockAs(owner, resource, ttl, wait);
  if (!to.outcome(failure(outcome))) return null;
  const held = outcome.value;
  to.bool(held !== null);
  if (held !== null) lease(to, held.lease);
  return null;
}

function renew(from: Decoder, to: Encoder): Error | null {
  const store = new lock.Lock(from.string());
  const resource = from.string();
  const owner = from.string();
  const ttl = from.u64();
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.renew(resource, owner, ttl);
  if (to.outcome(failure(outcome))) lease(to, outcome.value);
  return null;
}

function unlock(from: Decoder, to: Encoder): Error | null {
  const store = new lock.Lock(from.string());
  const resource = from.string();
  const owner = from.string();
  const refused = from.end();
  if (refused !== null) return refused;
  const outcome = store.unlock(resource, owner);
  if (to.outcome(failure(outcome))) to.u8(<u8>outcome.value);
  return null;
}

function lease(to: Encoder, lease: lock.Lease): void {
  to.string(lease.owner);
  to.u64(lease.fencingToken);
  to.u64(lease.remaining);
}

function failure<T>(outcome: Result<T>): Error | null {
  return outcome.isErr ? outcome.error : null;
}
