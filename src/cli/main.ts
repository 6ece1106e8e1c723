#!/usr/bin/env node
/** The `alloc-gen` program: from the bundle that the build of the package makes, where there is one. */
import { loadBundle } from "../bundle.js";
import { tuneForShortRuns } from "./short-runs.js";

tuneForShortRuns();
const program = loadBundle(new URL("../bundle/", import.meta.url), "program") ?? (await import("./run.js"));
await program.run();
