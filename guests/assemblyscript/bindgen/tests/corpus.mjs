// The worlds of `corpus/`: bindings of each, and all of them in one program, compiled once per build.
//
// A world `x.wit` comes with what its guest does: `x.ts`, or nothing when every export is the import
// of the same name in the interface `api`. What a host must do for it beyond giving answers stands in
// `x.mjs`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Context, imported } from "./canonical.mjs";
import { side } from "./edges.mjs";
import { world } from "./wit.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const corpus = join(here, "corpus");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
const manifest = join(here, "..", "Cargo.toml");

/** Collects on nearly every allocation: what is not held is gone at once. */
export const STRESS = ["ASC_GC_GRANULARITY=1", "ASC_GC_IDLEFACTOR=101", "ASC_GC_SWEEPFACTOR=100000"];

export function run(program, rest, cwd = here) {
  const done = spawnSync(program, rest, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  assert.equal(done.status, 0, done.stderr + done.stdout);
  assert.doesNotMatch(done.stderr, /WARNING|INFO/);
  return done.stdout;
}

/** The generator's program. */
export function generator() {
  const built = run("cargo", ["build", "--quiet", "--manifest-path", manifest, "--message-format=json"]);
  const artifacts = built.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return artifacts.map(({ executable }) => executable).findLast(Boolean);
}

/** Every world, its bindings written below the folder. */
export async function worlds(folder) {
  const generate = generator();
  const names = readdirSync(corpus).filter((file) => file.endsWith(".wit")).map((file) => file.slice(0, -4));
  const all = [];
  for (const name of names.sort()) {
    const home = join(folder, name);
    const bindings = join(home, "bindings");
    mkdirSync(bindings, { recursive: true });
    const file = join(corpus, `${name}.wit`);
    run(generate, [file, "--out", bindings, "--exports", "../program"]);
    const program = join(corpus, `${name}.ts`);
    if (existsSync(program)) copyFileSync(program, join(home, "program.ts"));
    else writeFileSync(join(home, "program.ts"), 'export * from "./bindings/api";\n');
    // the same code, with its blocks counted
    for (const text of ["abi.ts", "entry.ts"].map((text) => join(bindings, text))) {
      writeFileSync(text, 'import { heap } from "../../counted";\n' + readFileSync(text, "utf8"));
    }
    const host = join(corpus, `${name}.mjs`);
    const renamed = Object.entries(JSON.parse(readFileSync(join(bindings, "exports.json"), "utf8")));
    all.push({ name, renamed, ...world(readFileSync(file, "utf8")), host: existsSync(host) ? await import(host) : {} });
  }
  copyFileSync(join(here, "counted.ts"), join(folder, "counted.ts"));
  const entry = all.map(({ name, renamed }) => {
    const list = renamed.map(([ours]) => `${ours} as ${prefix(name)}${ours}`);
    return `export { ${list.join(", ")} } from "./${name}/bindings/entry";\n`;
  });
  entry.push(`export { cabi_realloc } from "./${all[0].name}/bindings/abi";\nexport { liveBlocks } from "./counted";\n`);
  writeFileSync(join(folder, "entry.ts"), entry.join(""));
  return all;
}

const prefix = (name) => `${name.replaceAll("-", "_")}__`;

export function compiled(folder, name, flags) {
  run(process.execPath, [compiler, "entry.ts", "--outFile", `${name}.wasm`, "--exportStart", "_initialize", ...flags], folder);
  return new WebAssembly.Module(readFileSync(join(folder, `${name}.wasm`)));
}

/** An instance of the program with a host behind it, for all worlds at once. */
export class Host {
  constructor(module, all) {
    /** What the imports were called with, and what they are to answer. */
    this.seen = [];
    this.answer = undefined;
    const env = { abort: (...where) => this.abort(...where) };
    const imports = { env };
    const cx = () => this.cx;
    for (const each of all) {
      for (const { module: from, name, parameters, result } of each.imports) {
        imports[from] ??= {};
        const types = parameters.map(({ type }) => type);
        imports[from][name] = imported(cx, types, result?.type ?? null, (...given) => {
          this.seen.push([name, given]);
          return this.answer;
        });
      }
      for (const [from, functions] of Object.entries(each.host.imports?.(this) ?? {})) {
        imports[from] = { ...imports[from], ...functions };
      }
    }
    this.instance = new WebAssembly.Instance(module, imports);
    const exports = this.instance.exports;
    const named = { memory: exports.memory, cabi_realloc: exports.cabi_realloc };
    this.cx = new Context(named);
    this.worlds = {};
    for (const { name, renamed } of all) {
      const own = Object.fromEntries(renamed.map(([ours, host]) => [host, exports[prefix(name) + ours]]));
      this.worlds[name] = new Context({ ...named, ...own });
    }
    exports._initialize();
  }

  liveBlocks = () => this.instance.exports.liveBlocks();

  abort(message, file, line) {
    const text = (at) => {
      const length = this.cx.view().getUint32((at >>> 0) - 4, true);
      return new TextDecoder("utf-16").decode(this.cx.bytes(at >>> 0, length));
    };
    throw new Error(`${text(message)} (${text(file)}:${line})`);
  }
}

/** Arguments and answers that try every edge of a function's types at least once. */
export function calls({ parameters, result }) {
  const most = side([...parameters, ...(result === null ? [] : [result])].map(({ edges }) => edges));
  return most.map((values) => [values.slice(0, parameters.length), values[parameters.length]]);
}

export const isPlain = ({ parameters, result }) => ![...parameters, result].some((type) => type?.handle);
export const exportName = ({ module, name }) => (module === "$root" ? name : `${module}#${name}`);
