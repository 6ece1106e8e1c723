/** The core's instructions in JavaScript, from the same description that bounds are proven from: no library is needed. */
import { runtimeVersion } from "../../runtime.js";
import { coreEngine, type CoreEngine } from "../core/engine.js";
import { jsProcessor } from "./processor.js";

export const jsEngine = (): CoreEngine => coreEngine("js", runtimeVersion(), jsProcessor);
