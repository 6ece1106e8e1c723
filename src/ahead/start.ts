/** Where the thread begins: from its bundle, where the build of the package made one. */
import { loadBundle } from "../bundle.js";

const thread = loadBundle(new URL("../bundle/", import.meta.url), "thread") ?? (await import("./thread.js"));
await thread.run();
