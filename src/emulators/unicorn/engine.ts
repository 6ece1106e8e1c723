/** Unicorn as an engine: QEMU's translator as a library, without peripherals. */
import { coreEngine, type CoreEngine } from "../core/engine.js";
import { unicornProcessor, unicornVersion } from "./binding.js";

/** Throws an `AllocGenError` (exit 3) where libunicorn is missing. */
export const unicornEngine = (): CoreEngine => coreEngine("unicorn", unicornVersion(), unicornProcessor);
