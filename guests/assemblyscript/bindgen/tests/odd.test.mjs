// Generates bindings for `wit/odd.wit`, compiles a program that uses all of them, and runs it: each
// value goes from here through the export into the program, through the import back, and the answer
// the same way in the other direction.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Context, call, handle, imported, list, result, string, u32, u8 } from "./canonical.mjs";
import { answer, functions } from "./shapes.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
const folder = mkdtempSync(join(tmpdir(), "ottavo-bindgen-"));
after(() => rmSync(folder, { recursive: true }));

/** Collects on nearly every allocation: what is not held is gone at once. */
const STRESS = ["ASC_GC_GRANULARITY=1", "ASC_GC_IDLEFACTOR=101", "ASC_GC_SWEEPFACTOR=100000"];

function run(program, ...rest) {
  const done = spawnSync(program, rest, { cwd: folder, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr + done.stdout);
  assert.doesNotMatch(done.stderr, /WARNING|INFO/);
}

function built(name, ...flags) {
  const out = `${name}.wasm`;
  run(process.execPath, compiler, "program/entry.ts", "--outFile", out, "--exportStart", "_initialize", ...flags);
  return new WebAssembly.Module(readFileSync(join(folder, out)));
}

const manifest = join(here, "..", "Cargo.toml");
const bindings = join(folder, "program", "bindings");
mkdirSync(bindings, { recursive: true });
const generator = ["run", "--quiet", "--manifest-path", manifest, "--"];
run("cargo", ...generator, join(here, "wit", "odd.wit"), "--out", bindings, "--exports", "../program");
copyFileSync(join(here, "program.ts"), join(folder, "program", "program.ts"));
writeFileSync(join(folder, "program", "entry.ts"), 'export * from "./bindings/entry";\n');
const names = JSON.parse(readFileSync(join(bindings, "exports.json"), "utf8"));

/** An instance behind which `answer` stands for the host. */
function instance(module) {
  let cx;
  const context = () => cx;
  const seen = [];
  const calls = {};
  for (const [name, parameters, returned] of functions) {
    calls[name] = imported(context, parameters, returned, (...given) => {
      seen.push([name, given]);
      return answer(name, given);
    });
  }
  const env = {
    abort: (message) => {
      const length = cx.view().getUint32((message >>> 0) - 4, true);
      throw new Error(new TextDecoder("utf-16").decode(cx.bytes(message >>> 0, length)));
    },
  };
  const pools = new Pools(context);
  const imports = { "test:odd/calls@1.2.3": calls, "test:odd/resources@1.2.3": pools.imports, env };
  const started = new WebAssembly.Instance(module, imports);
  const exports = { memory: started.exports.memory, cabi_realloc: started.exports.cabi_realloc };
  for (const [ours, host] of Object.entries(names)) exports[host] = started.exports[ours];
  cx = new Context(exports);
  started.exports._initialize();
  return { cx, seen, pools };
}

/** Resources by their handle: a handle that was given away or dropped is none. */
class Pools {
  constructor(cx) {
    this.live = new Map();
    this.next = 1;
    const open = (name) => (name === "" ? ["err", "no name"] : ["ok", this.add(name)]);
    const names = { "[method]pool.name": [[handle], string, (pool) => this.get(pool)] };
    this.imports = Object.fromEntries(
      Object.entries({
        ...names,
        "[constructor]pool": [[string], handle, (name) => this.add(name)],
        "[method]pool.take": [[handle, u32], list(u8), (pool, n) => Array(n).fill(this.get(pool).charCodeAt(0))],
        "[method]pool.merge": [[handle, handle], u32, (a, b) => (this.get(a) + this.get(b)).length],
        "[static]pool.consume": [[handle], string, (pool) => `${this.drop(pool)}!`],
        "[static]pool.open": [[string], result(handle, string), open],
        "[resource-drop]pool": [[handle], null, (pool) => void this.drop(pool)],
        all: [[], list(handle), () => [this.add("x"), this.add("y")]],
      }).map(([name, [parameters, returned, called]]) => [name, imported(cx, parameters, returned, called)]),
    );
  }
  add(name) {
    this.live.set(this.next, name);
    return this.next++;
  }
  get(pool) {
    assert.ok(this.live.has(pool), `no resource ${pool}`);
    return this.live.get(pool);
  }
  drop(pool) {
    const name = this.get(pool);
    this.live.delete(pool);
    return name;
  }
}

const builds = [
  ["as it is", []],
  ["optimised", ["-O3"]],
  ["optimised, with a collection on every allocation", ["-O3", ...STRESS.flatMap((use) => ["--use", use])]],
  ["with the minimal runtime", ["--runtime", "minimal"]],
];

for (const [how, flags] of builds) {
  describe(how, () => {
    const module = built(how.replaceAll(/\W/g, "-"), ...flags);
    const { cx, seen, pools } = instance(module);
    const exported = (name) => `test:odd/exported@1.2.3#${name}`;

    for (const [name, parameters, returned, calls] of functions) {
      test(name, () => {
        for (const values of calls) {
          const back = call(cx, exported(name), parameters, returned, values);
          assert.deepEqual(seen.pop(), [name, values]);
          assert.deepEqual(back, returned === null ? undefined : answer(name, values));
        }
      });
    }

    test("resources are used, handed over and dropped", () => {
      assert.equal(call(cx, exported("resources"), [], string, []), "a b 97,97,97 2 b! x y");
      assert.equal(pools.live.size, 0);
    });

    test("many calls take no more memory than a few", () => {
      const all = () => {
        for (const [name, parameters, returned, calls] of functions) {
          for (const values of calls) call(cx, exported(name), parameters, returned, values);
        }
        seen.length = 0;
      };
      for (let i = 0; i < 20; i++) all();
      const before = cx.exports.memory.buffer.byteLength;
      if (flags.includes("minimal")) return; // it collects only when it is told to
      for (let i = 0; i < 60; i++) all();
      assert.equal(cx.exports.memory.buffer.byteLength, before);
    });
  });
}
