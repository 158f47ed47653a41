// Greets whoever the path names.

import { Request } from "@ottavo/sdk";

export function handle(request: Request): string {
  const name = request.param("name");
  return `Hello, ${name === null ? "world" : name}!`;
}
