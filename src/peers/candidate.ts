/** What a comparison runs: an image whose heap has one size, and what its allocator promises. */
import type { Image } from "../toolchain/image.js";
import type { Engine } from "../emulators/engine.js";
import type { Target } from "../targets/target.js";

export interface Candidate {
  readonly image: Image;
  /** Guaranteed alignment of every payload, in bytes. */
  readonly alignment: number;
}

/** What they run on. */
export interface Rig {
  readonly engine: Engine;
  readonly target: Target;
}
