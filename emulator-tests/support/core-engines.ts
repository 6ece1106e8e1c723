/** The engines that are made of an emulated processor: what holds of one holds of all. */
import type { CoreEngine } from "../../src/emulators/core/engine.js";
import { jsEngine } from "../../src/emulators/js/engine.js";
import { unicornEngine } from "../../src/emulators/unicorn/engine.js";

export const coreEngines: readonly CoreEngine[] = [unicornEngine(), jsEngine()];
