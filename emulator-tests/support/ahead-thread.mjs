// The thread that replays ahead, from its source: Node cannot begin a thread with TypeScript.
import { register } from "tsx/esm/api";

register();
await import("../../src/ahead/thread.ts");
