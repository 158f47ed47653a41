/**
 * Write functions for the Ottavo host in AssemblyScript. A function is a file that exports
 * `handle(request: Request)`, which returns a `Response`, a `string`, or a `Result` of one of them;
 * or `receive(event: Event)`, which returns an `Outcome` or a `Result<Outcome>`; or both.
 */
import * as binding from "./assembly/binding";
import * as config from "./assembly/config";
import * as context from "./assembly/context";
import * as lock from "./assembly/lock";
import * as httpClient from "./assembly/http-client";
import * as invoke from "./assembly/invoke";
import * as file from "./assembly/file";
import * as log from "./assembly/log";
import * as pubsub from "./assembly/pubsub";
import * as secret from "./assembly/secret";
import * as sequencer from "./assembly/sequencer";
import * as state from "./assembly/state";
import * as status from "./assembly/status";

export { Error } from "./assembly/error";
export { Event } from "./assembly/event";
export { parseInteger } from "./assembly/integer";
export { Kind, kindName } from "./assembly/kind";
export { Outgoing } from "./assembly/outgoing";
export { Outcome } from "./assembly/outcome";
export { Pairs } from "./assembly/pairs";
export { Request } from "./assembly/request";
export { Response } from "./assembly/response";
export { Result, done, err, ok } from "./assembly/result";
export { binding, config, context, file, httpClient, invoke };
export { lock, pubsub, secret, sequencer, state };
export { log, status };
