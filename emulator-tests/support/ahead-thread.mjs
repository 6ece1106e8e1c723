// The thread that replays ahead, from its source: Node cannot begin a thread with TypeScript.
import { register } from "tsx/esm/api";

register();
const { run } = await import("../../src/ahead/thread.ts");
run();
