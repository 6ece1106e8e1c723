#!/usr/bin/env node
/** The `alloc-gen` program: from the bundle that the build of the package makes, where there is one. */
import { loadBundle } from "./bundle.js";

const program = loadBundle(new URL("../bundle/", import.meta.url)) ?? (await import("./run.js"));
await program.run();
