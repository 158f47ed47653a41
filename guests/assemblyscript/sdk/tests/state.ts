import { OperationTag, PreconditionTag, ExpiryTag } from "@ottavo/sdk/assembly/bindings/state";
import { Kind, state } from "@ottavo/sdk";

export function anEntryCarriesEverythingItWasGiven(): void {
  const plain = state.Entry.text("k", "v").raw();
  assert(plain.key == "k" && plain.data.length == 1 && plain.data[0] == 0x76);
  assert(plain.precondition.tag == PreconditionTag.Any && plain.expiry.tag == ExpiryTag.Keep);
  const full = state.Entry.text("k", "v").ifMatch("7").expiresIn(1500).option("consistency", "strong").raw();
  assert(full.precondition.asMatch == "7" && full.expiry.asAfter == 1500);
  assert(full.options.length == 1 && full.options[0].f0 == "consistency" && full.options[0].f1 == "strong");
  assert(new state.Removal("k").ifAbsent().raw().precondition.tag == PreconditionTag.Absent);
  assert(state.Entry.text("k", "v").neverExpires().raw().expiry.tag == ExpiryTag.Never);
}

export function aTransactionKeepsItsOrder(): void {
  const steps = new state.Transaction()
    .check(new state.Removal("lock").ifAbsent())
    .increment("from", -5)
    .upsert(state.Entry.text("last", "x"))
    .remove(new state.Removal("old"))
    .raw();
  assert(steps.length == 4 && steps[0].tag == OperationTag.Check);
  assert(steps[1].asIncrement.f0 == "from" && steps[1].asIncrement.f1 == -5);
  assert(steps[2].asUpsert.key == "last" && steps[3].asRemove.key == "old");
}

export function aStoredValueThatCannotBeReadIsNotTheCallersFault(): void {
  const bytes = new Uint8Array(1);
  bytes[0] = 0xff;
  const read = new state.Value(bytes, "1").text();
  assert(read.isErr && read.error.kind == Kind.DataLoss);
}
