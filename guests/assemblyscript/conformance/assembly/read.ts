// The parameters that are more than a number or a text.

import { Pairs, state } from "@ottavo/sdk";
import { Decoder } from "./decode";

export function strings(from: Decoder): string[] {
  const list: string[] = [];
  for (let left = from.count(); left > 0; left--) list.push(from.string());
  return list;
}

export function options(from: Decoder): Pairs {
  const options = Pairs.empty();
  for (let left = from.count(); left > 0; left--) {
    const name = from.string();
    options.append(name, from.string());
  }
  return options;
}

export function entry(from: Decoder): state.Entry {
  const key = from.string();
  const entry = new state.Entry(key, from.bytes());
  const precondition = from.u8();
  if (precondition == 1) entry.ifAbsent();
  else if (precondition == 2) entry.ifMatch(from.string());
  else if (precondition != 0) from.noCase("precondition", precondition);
  entry.expiry(expiry(from));
  const given = options(from);
  for (let i = 0; i < given.length; i++) entry.option(given.name(i), given.value(i));
  return entry;
}

export function entries(from: Decoder): state.Entry[] {
  const list: state.Entry[] = [];
  for (let left = from.count(); left > 0; left--) list.push(entry(from));
  return list;
}

export function removal(from: Decoder): state.Removal {
  const removal = new state.Removal(from.string());
  const precondition = from.u8();
  if (precondition == 1) removal.ifAbsent();
  else if (precondition == 2) removal.ifMatch(from.string());
  else if (precondition != 0) from.noCase("precondition", precondition);
  return removal;
}

export function removals(from: Decoder): state.Removal[] {
  const list: state.Removal[] = [];
  for (let left = from.count(); left > 0; left--) list.push(removal(from));
  return list;
}

export function expiry(from: Decoder): state.Expiry {
  const index = from.u8();
  if (index == 1) return state.Expiry.never();
  if (index == 2) return state.Expiry.after(from.u64());
  if (index != 0) from.noCase("expiry", index);
  return state.Expiry.keep();
}

export function transaction(from: Decoder): state.Transaction {
  const steps = new state.Transaction();
  for (let left = from.count(); left > 0; left--) {
    const index = from.u8();
    if (index == 0) {
      steps.upsert(entry(from));
    } else if (index == 1) {
      steps.remove(removal(from));
    } else if (index == 2) {
      steps.check(removal(from));
    } else if (index == 3) {
      const key = from.string();
      steps.increment(key, <i64>from.u64());
    } else {
      from.noCase("operation", index);
    }
  }
  return steps;
}
