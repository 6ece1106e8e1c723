/** Calls of an image's functions in Unicorn. */
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import { CoreCaller, type CoreCallerOptions } from "../core/caller.js";
import { unicornProcessor } from "./binding.js";

export class UnicornCaller extends CoreCaller {
  constructor(image: Image, target: Target, options?: CoreCallerOptions) {
    super(image, target, unicornProcessor, options);
  }
}
