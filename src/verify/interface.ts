/** The whole interface of a heap on the core: each public function called, and what was not run told by name. */
import type { Image } from "../toolchain/image.js";
import type { Bench } from "./equivalence.js";
import type { ProbeMismatch } from "./probes/run-probes.js";
import { allProbes, runProbes, type Probes } from "./probes/run-probes.js";

/** Something that the config has and the run did not try. */
export interface NotRun {
  /** A function as C names it, or what of the header or the lock. */
  readonly what: string;
  /** The end of a sentence: "no probe calls it". */
  readonly reason: string;
}

export interface InterfaceProof {
  /** Public functions that were called. */
  readonly functions: number;
  readonly calls: number;
  /** Times that all functions looked at the heap. */
  readonly states: number;
  /** The first difference from the reference. */
  readonly mismatch?: ProbeMismatch;
  readonly notRun: readonly NotRun[];
}

export interface WholeInterface {
  /** With all of the functions. */
  readonly image: Image;
  /** Public functions, as C names them. */
  readonly functions: readonly string[];
  /** Those of them that no replay calls. */
  readonly uncalled: readonly string[];
}

/** @param probes by the functions' names without the heap's */
export function proveInterface(
  { plan, engine, target }: Bench,
  { image, functions, uncalled }: WholeInterface,
  seed: number,
  probes: Probes = allProbes,
): InterfaceProof {
  const caller = engine.caller?.(image, target);
  if (caller === undefined) {
    const reason = `${engine.name} replays operations, and calls no single functions`;
    const notRun = ["functions called one by one", ...uncalled].map((what) => ({ what, reason }));
    return { functions: 0, calls: 0, states: 0, notRun };
  }
  try {
    const { calls, looks, mismatch } = runProbes({ plan, image, caller, functions, seed, probes });
    const called = functions.filter((name) => (calls[name] ?? 0) > 0);
    const reason = mismatch === undefined ? "no probe calls it" : "the run ended at a difference";
    return {
      functions: called.length,
      calls: Object.values(calls).reduce((sum, count) => sum + count, 0),
      states: looks,
      ...(mismatch === undefined ? {} : { mismatch }),
      notRun: uncalled.filter((name) => !called.includes(name)).map((what) => ({ what, reason })),
    };
  } finally {
    caller.close();
  }
}
