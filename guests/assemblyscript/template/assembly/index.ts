// Greets whoever the query names.

import { Request } from "@ottavo/sdk";

export function handle(request: Request): string {
  const name = request.query("name");
  return `Hello, ${name === null ? "world" : name}!\n`;
}
