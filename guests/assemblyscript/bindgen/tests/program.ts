// Every export is the import of the same name, and `resources` tries the rest.

import { Pool, all } from "./bindings/resources";

export {
  aPlain, aWords, aArray, aMap, flagsOf, aTree, aMaps, tag, load_, store_, call_, delete_, numbers, floats,
  options, results, joined, flatResult, char, nothing, one, aMany,
} from "./bindings/calls";

export function resources_(): string {
  const pool = Pool.create("a");
  const other = Pool.open("b");
  assert(other.isOk && Pool.open("").isErr);
  assert(Pool.open("").error == "no name");
  const seen = [pool.name(), other.value.name()];
  const bytes = pool.take_(3);
  seen.push(bytes.join());
  seen.push(pool.merge(other.value).toString());
  seen.push(Pool.consume(other.value));
  assert(other.value.handle == 0);
  const pools = all();
  for (let i = 0; i < pools.length; i++) {
    seen.push(pools[i].name());
    pools[i].drop();
    pools[i].drop();
  }
  pool.drop();
  return seen.join(" ");
}
