/** The formats that can be imported. A format is one line here and a file of its own. */
import { espIdf } from "./esp-idf.js";
import { freertos } from "./freertos.js";
import { mtrace } from "./mtrace.js";
import { recording } from "./recording.js";
import type { Importer } from "./source.js";
import { textLog } from "./text-log.js";
import { zephyr } from "./zephyr.js";

export const importers: readonly Importer[] = [recording, textLog, freertos, espIdf, zephyr, mtrace];
