/** What runs on the engine's witness itself. */
import type { Bench } from "./equivalence.js";

/** The bench with the witness in place of the engine; as it is where there is none. */
export const onWitness = (bench: Bench): Bench =>
  bench.engine.witness?.kind === "engine" ? { ...bench, engine: bench.engine.witness.engine } : bench;
