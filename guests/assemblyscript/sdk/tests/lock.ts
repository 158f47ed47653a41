import { Lease as RawLease, Release } from "@ottavo/sdk/assembly/bindings/lock";
import { lock } from "@ottavo/sdk";

export function aLeaseIsWhatTheHostGave(): void {
  const lease = lock.Lease.of(new RawLease("me", 7, 1500));
  assert(lease.owner == "me" && lease.fencingToken == 7 && lease.remaining == 1500);
  const held = new lock.Held(new lock.Lock("default"), "a", lease);
  assert(held.fencingToken == 7);
}

export function theWordsOfAReleaseAreThoseOfTheHost(): void {
  assert(lock.Release.Released == Release.Released && lock.Release.HeldByOther == 2);
}
