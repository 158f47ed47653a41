#!/usr/bin/env node
// Runs a function's tests without a host: every file in `assembly/__tests__` (or in the folders
// given) is compiled as the function is, and each function that it exports is a test. A test fails
// when it aborts, as `assert` and `throw` do.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";

const folders = process.argv.length > 2 ? process.argv.slice(2) : ["assembly/__tests__"];
const compiler = createRequire(join(process.cwd(), "package.json")).resolve("assemblyscript/bin/asc.js");
const scratch = mkdtempSync(join(tmpdir(), "ottavo-test-"));
after(() => rmSync(scratch, { recursive: true }));

for (const folder of folders) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts")).sort()) {
    const path = `${folder}/${file}`.replace(/^\.\//, "");
    const module = compile(path);
    if (module === null) {
      test(path, () => {
        throw new Error("it does not compile");
      });
    } else {
      describe(basename(file, ".ts"), () => run(module));
    }
  }
}

/** One file's module, or null after the compiler has said why not. */
function compile(path) {
  const out = join(scratch, path.replaceAll("/", "-") + ".wasm");
  const done = spawnSync(
    process.execPath,
    [compiler, path, "--config", "asconfig.json", "--optimizeLevel", "0", "--debug", "--outFile", out],
    { env: { ...process.env, OTTAVO_TEST: path.replace(/\.ts$/, "") }, stdio: "inherit" },
  );
  return done.status === 0 ? new WebAssembly.Module(readFileSync(out)) : null;
}

function run(module) {
  const tests = WebAssembly.Module.exports(module).filter(
    ({ kind, name }) => kind === "function" && !name.startsWith("_") && !name.includes("#"),
  );
  for (const { name } of tests) {
    test(sentence(name), () => {
      const host = new Host(module);
      try {
        host.instance.exports._initialize();
        host.instance.exports[name]();
      } catch (trap) {
        throw host.failure ?? trap;
      }
    });
  }
}

/** What a test has instead of a host: the log, and a refusal of everything else. */
class Host {
  /** What the test aborted with. */
  failure = null;

  constructor(module) {
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      imports[from][name] = () => {
        this.failure = new Error(`a test has no host: \`${from}\` was asked for \`${name}\``);
        throw this.failure;
      };
    }
    const log = imports["ottavo:runtime/log@0.1.0"];
    if (log !== undefined) log.emit = (...line) => this.log(...line);
    this.instance = new WebAssembly.Instance(module, imports);
  }

  log(_level, text, length, fields, count) {
    const memory = new DataView(this.instance.exports.memory.buffer);
    const at = (place) => memory.getUint32(place, true);
    const string = (place, size) => new TextDecoder().decode(new Uint8Array(memory.buffer, place, size));
    const pairs = Array.from({ length: count }, (_, i) => fields + i * 16).map((pair) => [
      string(at(pair), at(pair + 4)),
      string(at(pair + 8), at(pair + 12)),
    ]);
    const { panic, location, ...rest } = Object.fromEntries(pairs);
    if (panic !== undefined) {
      this.failure = new Error(`${panic || "assertion failed"} (${location ?? "nowhere"})`);
    } else {
      console.log(string(text, length), Object.keys(rest).length > 0 ? rest : "");
    }
  }
}

/** `aBookMustBeNamed` is "a book must be named". */
function sentence(name) {
  return name.replace(/[A-Z]/g, (capital) => " " + capital.toLowerCase());
}
