// Every snippet of the README compiles: programs as they are, pieces inside of a function.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("../..", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
const folder = mkdtempSync(join(tmpdir(), "ottavo-readme-"));
after(() => rmSync(folder, { recursive: true }));
symlinkSync(join(home, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "asconfig.json"), `{ "extends": "@ottavo/sdk/asconfig.json" }`);
mkdirSync(join(folder, "__tests__"));
// what a test's snippet takes from the function that it tests
writeFileSync(
  join(folder, "index.ts"),
  `import { Error, Request, Response, Result, err } from "@ottavo/sdk";
export function handle(request: Request): Result<Response> { return err<Response>(Error.invalidArgument("")); }`,
);

/** What a piece may speak of without saying where it comes from. */
const GIVEN = `request: Request, response: Response, error: Error, text: string, name: string, etag: string,
  bytes: Uint8Array, first: Outgoing, second: Outgoing`;

/** The snippets, each with the heading that it stands under. */
function snippets(file) {
  const found = [];
  let heading = file;
  let lines = null;
  for (const line of readFileSync(join(home, file), "utf8").split("\n")) {
    if (lines === null && line.startsWith("#")) heading = line.replace(/^#+ /, "");
    else if (line === "```ts") lines = [];
    else if (line === "```" && lines !== null) {
      found.push({ heading, text: lines.join("\n") });
      lines = null;
    } else lines?.push(line);
  }
  return found;
}

/** Pieces as functions of one file, which names everything that the SDK exports. */
function wrapped(pieces) {
  const index = readFileSync(join(home, "sdk/index.ts"), "utf8");
  const lists = [...index.matchAll(/^export \{([^}]*)\}/gm)].map((list) => list[1]);
  const functions = pieces.map(
    ({ heading, text }, number) => `// the snippet under ${heading}
export function snippet${number}(${GIVEN}): Result<Response> {
${text}
return ok(Response.status(status.NO_CONTENT));
}
`,
  );
  return `import { ${lists.join(", ")} } from "@ottavo/sdk";\n${functions.join("")}`;
}

function compile(name, text, environment) {
  writeFileSync(join(folder, name), text);
  const options = ["--config", "asconfig.json", "--optimizeLevel", "0", "--noEmit"];
  const env = { ...process.env, ...environment };
  const done = spawnSync(process.execPath, [compiler, name, ...options], { cwd: folder, encoding: "utf8", env });
  assert.equal(done.status, 0, done.stderr);
}

const all = ["README.md", "sdk/README.md"].flatMap(snippets);

const isProgram = ({ text }) => text.startsWith("import");
const isTest = ({ text }) => text.includes('from "../index"');

test("the pieces compile", () => {
  const pieces = all.filter((snippet) => !isProgram(snippet));
  compile("pieces.ts", wrapped(pieces), { OTTAVO_TEST: "pieces" });
});

for (const [number, snippet] of all.filter(isProgram).entries()) {
  test(`the program under \`${snippet.heading}\` compiles`, () => {
    const name = `__tests__/program${number}.ts`;
    compile(name, snippet.text, isTest(snippet) ? { OTTAVO_TEST: name.slice(0, -3) } : {});
  });
}

test("every block has a snippet", () => {
  const pieces = all.map(({ text }) => text).join("\n");
  for (const call of [
    "new state.Store", "bus.publish", "invoke.call", "new config.Store", "new lock.Lock",
    "new sequencer.Sequencer", "new file.Store", "new binding.Binding", "new secret.Store",
  ]) {
    assert.ok(pieces.includes(call), `no snippet with \`${call}\``);
  }
});
