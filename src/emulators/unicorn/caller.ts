/** Calls of an image's functions in Unicorn. */
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import type { CallerOptions } from "../caller.js";
import { CoreCaller } from "../core/caller.js";
import { unicornProcessor } from "./binding.js";

export class UnicornCaller extends CoreCaller {
  constructor(image: Image, target: Target, options?: CallerOptions) {
    super(image, target, unicornProcessor, options);
  }
}
