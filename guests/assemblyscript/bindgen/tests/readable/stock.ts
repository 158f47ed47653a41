// Generated from WIT by `a test`; not for editing.

import { Shelf } from "../index";

export { Shelf };
