// A reader of WIT for tests, small and written without a look at the one that the generator uses: the
// functions that a world imports and exports, with their types as `canonical.mjs` and `edges.mjs`
// know them.

import * as edges from "./edges.mjs";

const TOKEN = /%?[a-zA-Z][a-zA-Z0-9-]*|\d+\.\d+\.\d+|\d+|->|[{}()<>,;:=@./_]/g;

/** The imports and exports of the only world: `{ module, name, parameters, result }`. */
export function world(text) {
  const tokens = text.replace(/\/\/.*|\/\*[^]*?\*\//g, "").match(TOKEN);
  const read = new Reader(tokens);
  read.file();
  return read.surface();
}

class Reader {
  constructor(tokens) {
    this.tokens = tokens;
    this.at = 0;
    /** By their full name: types and functions. */
    this.interfaces = new Map();
    this.package = "";
  }

  peek = (ahead = 0) => this.tokens[this.at + ahead];
  next = () => this.tokens[this.at++];
  skip(token) {
    const found = this.peek() === token;
    if (found) this.at += 1;
    return found;
  }
  expect(token) {
    const found = this.next();
    if (found !== token) throw new Error(`\`${token}\` was expected, not \`${found}\``);
  }
  word = () => this.next().replace("%", "");
  /** Items until the closing token, with commas or nothing between. */
  until(close, item) {
    const items = [];
    while (!this.skip(close)) {
      items.push(item());
      this.skip(",");
    }
    return items;
  }

  file() {
    while (this.peek() !== undefined) this.item();
  }

  item() {
    const kind = this.next();
    if (kind === "package") {
      const name = `${this.word()}${this.next()}${this.word()}`;
      const version = this.skip("@") ? `@${this.next()}` : "";
      const outer = this.package;
      this.package = [name, version];
      if (this.skip(";")) return;
      this.expect("{");
      this.until("}", () => this.item());
      this.package = outer;
    } else if (kind === "interface") {
      const name = this.full(this.word());
      this.interfaces.set(name, this.body(name));
    } else if (kind === "world") {
      this.word();
      this.world = this.body("$root");
    } else {
      throw new Error(`\`${kind}\` is no item`);
    }
  }

  full = (name) => `${this.package[0]}/${name}${this.package[1]}`;

  /** `types`, `ns:package/types@1.0.0`. */
  path() {
    const first = this.word();
    if (!this.skip(":")) return this.full(first);
    const name = `${first}:${this.word()}`;
    this.expect("/");
    const rest = `/${this.word()}`;
    return name + rest + (this.skip("@") ? `@${this.next()}` : "");
  }

  body(name) {
    const body = { name, types: new Map(), functions: [], imports: [], exports: [] };
    this.expect("{");
    this.until("}", () => this.part(body));
    return body;
  }

  part(body) {
    const kind = this.peek();
    const follows = this.peek(1);
    if (follows === ":" && this.peek(2) === "func") return void body.functions.push(this.function());
    this.next();
    if (kind === "use") {
      const from = this.path();
      this.expect(".");
      this.expect("{");
      this.until("}", () => {
        const name = this.word();
        body.types.set(this.skip("as") ? this.word() : name, { use: from, name });
      });
      this.expect(";");
    } else if (kind === "type") {
      const name = this.word();
      this.expect("=");
      body.types.set(name, this.type());
      this.expect(";");
    } else if (kind === "import" || kind === "export") {
      const list = kind === "import" ? body.imports : body.exports;
      if (this.peek(1) === ":" && this.peek(2) === "func") return void list.push(this.function());
      if (this.peek(1) === ":" && this.peek(2) === "interface") {
        const name = this.word();
        this.expect(":");
        this.next();
        this.interfaces.set(name, this.body(name));
        return void list.push(name);
      }
      list.push(this.path());
      this.expect(";");
    } else if (kind === "resource") {
      const name = this.word();
      body.types.set(name, { kind: "handle" });
      if (!this.skip(";")) {
        this.expect("{");
        this.until("}", () => body.functions.push(this.member(name)));
      }
    } else {
      body.types.set(this.word(), this.definition(kind));
    }
  }

  definition(kind) {
    this.expect("{");
    const parts = this.until("}", () => {
      const name = this.word();
      if (kind === "record") return this.expect(":"), [name, this.type()];
      if (kind !== "variant" || !this.skip("(")) return [name, null];
      const payload = this.type();
      this.expect(")");
      return [name, payload];
    });
    return { kind, parts };
  }

  function() {
    const name = this.word();
    this.expect(":");
    this.expect("func");
    return { name, ...this.signature() };
  }

  member(resource) {
    const self = { kind: "handle" };
    if (this.skip("constructor")) {
      const read = this.signature();
      return { name: `[constructor]${resource}`, ...read, result: read.result ?? self };
    }
    const name = this.word();
    this.expect(":");
    const sort = this.skip("static") ? "static" : "method";
    this.expect("func");
    const read = this.signature();
    if (sort === "method") read.parameters.unshift(self);
    return { name: `[${sort}]${resource}.${name}`, ...read };
  }

  signature() {
    this.expect("(");
    const parameters = this.until(")", () => {
      this.word();
      this.expect(":");
      return this.type();
    });
    const result = this.skip("->") ? this.type() : null;
    this.expect(";");
    return { parameters, result };
  }

  type() {
    if (this.skip("_")) return null;
    const kind = this.next();
    const given = this.peek() === "<" && !kind.startsWith("%");
    if (!given) return kind === "result" ? { kind, of: [] } : { kind: "name", name: kind.replace("%", "") };
    this.expect("<");
    const of = this.until(">", () => (/^\d+$/.test(this.peek()) ? Number(this.next()) : this.type()));
    return { kind: kind === "own" || kind === "borrow" ? "handle" : kind, of };
  }

  surface() {
    const resolve = (body, type) => {
      if (type === null || type === undefined) return null;
      if (type.use) return resolve(this.interfaces.get(type.use), { kind: "name", name: type.name });
      if (type.kind === "name") {
        const named = body.types.get(type.name);
        return named === undefined ? edges.primitive(type.name) : resolve(body, named);
      }
      const of = (type.of ?? []).map((one) => (typeof one === "number" ? one : resolve(body, one)));
      const parts = (type.parts ?? []).map(([name, part]) => [name, resolve(body, part)]);
      return edges.compound(type.kind, of, parts);
    };
    const functions = (list) =>
      list.flatMap((item) => {
        const body = typeof item === "string" ? this.interfaces.get(item) : this.world;
        const found = typeof item === "string" ? body.functions : [item];
        return found.map(({ name, parameters, result }) => ({
          module: body.name,
          name,
          parameters: parameters.map((type) => resolve(body, type)),
          result: resolve(body, result),
        }));
      });
    return { imports: functions(this.world.imports), exports: functions(this.world.exports) };
  }
}
