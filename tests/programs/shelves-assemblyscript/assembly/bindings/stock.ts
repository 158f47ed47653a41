// Generated from WIT by `cargo xtask gen`; not for editing.

import { Shelf } from "../index";

export { Shelf };

/** A shelf in something else. */
export class Parcel {
  constructor(
    public shelf: Shelf,
    public address: string,
  ) {}
}
