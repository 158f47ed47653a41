import { Tuple2 } from "@ottavo/sdk/assembly/bindings/abi";
import { Bundle } from "@ottavo/sdk/assembly/bindings/secret";
import { Kind, secret } from "@ottavo/sdk";
import { encode } from "@ottavo/sdk/assembly/text";

function secretOf(names: string[], value: Uint8Array): secret.Secret {
  const values = new Array<Tuple2<string, Uint8Array>>(0);
  for (let i = 0; i < names.length; i++) values.push(new Tuple2<string, Uint8Array>(names[i], value));
  return new secret.Secret(new Bundle(null, values));
}

export function oneValueNeedsNoNameAndSeveralDo(): void {
  const token = secretOf(["token"], encode("hunter2")).text();
  assert(token.isOk && token.value == "hunter2");
  const db = secretOf(["user", "password"], encode("x"));
  const bytes = db.bytes();
  assert(bytes.isErr && bytes.error.kind == Kind.FailedPrecondition);
  assert(db.value("password") !== null && db.value("none") === null && db.version === null);
}

export function whatIsNotTextIsNotTheCallersFault(): void {
  const bytes = new Uint8Array(1);
  bytes[0] = 0xff;
  const read = secretOf(["a"], bytes).text();
  assert(read.isErr && read.error.kind == Kind.DataLoss);
}

export function aSecretDoesNotShow(): void {
  assert(secretOf(["a", "b"], encode("hunter2")).toString() == "secret(a, b)");
}
