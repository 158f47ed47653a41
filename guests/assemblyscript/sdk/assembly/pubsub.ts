// Publishing events to topics of named stores.

import { Result as RawResult } from "./bindings/abi";
import * as host from "./bindings/pubsub";
import { Error as RawError } from "./bindings/types";
import { Error } from "./error";
import { Message } from "./pubsub/message";
import { Result, err, ok } from "./result";

export { Message } from "./pubsub/message";

/** One named store. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Store {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /**
   * Publishes an event, and returns its id once the store has accepted it; `exhausted` when the topic
   * has no room, because a group does not keep up.
   */
  publish(topic: string, message: Message): Result<string> {
    return plain(host.publish(this.name, topic, message.raw()));
  }

  /** Publishes several in the order given, each with its own outcome. */
  publishMany(topic: string, messages: Message[]): Result<Array<Result<string>>> {
    const raw = new Array<host.Message>(messages.length);
    for (let i = 0; i < raw.length; i++) raw[i] = messages[i].raw();
    const outcome = host.publishMany(this.name, topic, raw);
    if (outcome.isErr) return err<Array<Result<string>>>(Error.of(outcome.error));
    const each = new Array<Result<string>>(outcome.value.length);
    for (let i = 0; i < each.length; i++) each[i] = plain(outcome.value[i]);
    return ok(each);
  }
}

function plain(outcome: RawResult<string, RawError>): Result<string> {
  return outcome.isErr ? err<string>(Error.of(outcome.error)) : ok(outcome.value);
}
