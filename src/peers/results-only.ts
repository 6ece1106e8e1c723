/** How an image is run where nothing is asked but whether requests give NULL. */
import type { CoreOptions } from "../emulators/core/engine.js";

/** Nothing is counted, and neither payloads nor the alignment of accesses are looked at. */
export const resultsOnly: CoreOptions = {
  checkPayloads: false,
  count: false,
  checkAlignment: false,
  witness: { kind: "none" },
};
