/** The whole interface of a heap on the core: each public function called, and what was not run told by name. */
import type { Caller } from "../emulators/caller.js";
import { verifies } from "../header/facts.js";
import type { Plan } from "../plan/plan.js";
import type { Image } from "../toolchain/image.js";
import { strictness, type Bench } from "./equivalence.js";
import type { ProbeMismatch } from "./probes/run-probes.js";
import { allProbes, runCorruption, runProbes, type Probes } from "./probes/run-probes.js";

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
  /** Those of them that the engine's witness made too, with the same findings; absent where it has none. */
  readonly witnessedCalls?: number;
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
  /** Likewise, with `corruptionHook` in front of the C: where headers are verified. */
  readonly hooked?: Image;
  /** Likewise, with a hook of faults that returns: where misuse is found. */
  readonly faulted?: Image;
}

/** On the engine, then on its witness, where it has one. @param probes by the functions' names without the heap's */
export function proveInterface(
  bench: Bench,
  whole: WholeInterface,
  seed: number,
  probes: Probes = allProbes,
): InterfaceProof {
  const proven = proveOn(bench, whole, seed, probes);
  const { engine } = bench;
  if (engine.witness?.kind !== "engine" || proven.mismatch !== undefined) return proven;
  const witness = engine.witness.engine;
  const { calls, mismatch } = proveOn({ ...bench, engine: witness }, whole, seed, probes);
  if (mismatch === undefined) return { ...proven, witnessedCalls: calls };
  const found = `${mismatch.found} in ${witness.name}, as expected in ${engine.name}`;
  return { ...proven, witnessedCalls: calls, mismatch: { ...mismatch, found } };
}

function proveOn(bench: Bench, whole: WholeInterface, seed: number, probes: Probes): InterfaceProof {
  const { plan } = bench;
  const { image, functions, uncalled, hooked } = whole;
  const request = { plan, functions, seed, probes };
  const probed = onCaller(bench, image, (caller) => runProbes({ ...request, image, caller }));
  if (probed === undefined) {
    const reason = `${bench.engine.name} replays operations, and calls no single functions`;
    const notRun = ["functions called one by one", ...uncalled, ...verified(plan), ...misused(plan)].map(
      (what) => ({
        what,
        reason,
      }),
    );
    return { functions: 0, calls: 0, states: 0, notRun };
  }
  const damaged =
    hooked === undefined || probed.mismatch !== undefined
      ? undefined
      : onCaller(bench, hooked, (caller) => runCorruption({ ...request, image: hooked, caller }));
  const calls = sumOf(probed.calls, damaged?.calls ?? {});
  const mismatch = probed.mismatch ?? damaged?.mismatch;
  const called = functions.filter((name) => (calls[name] ?? 0) > 0);
  const reason = mismatch === undefined ? "no probe calls it" : "the run ended at a difference";
  return {
    functions: called.length,
    calls: Object.values(calls).reduce((sum, count) => sum + count, 0),
    states: probed.looks + (damaged?.looks ?? 0),
    ...(mismatch === undefined ? {} : { mismatch }),
    notRun: [
      ...uncalled.filter((name) => !called.includes(name)),
      ...(damaged === undefined ? verified(plan) : []),
    ].map((what) => ({ what, reason })),
  };
}

/** What must be damaged to be tried. */
const verified = ({ header }: Plan): readonly string[] =>
  verifies(header) ? ["verification of headers"] : [];

/** What a heap that finds misuse must be misused for. */
const misused = ({ hardening }: Plan): readonly string[] =>
  hardening === undefined ? [] : ["misuse that the heap is to find"];

/** Undefined where the engine calls no single functions. */
function onCaller<Result>(bench: Bench, image: Image, use: (caller: Caller) => Result): Result | undefined {
  const caller = bench.engine.caller?.(image, bench.target, strictness(bench, image));
  if (caller === undefined) return undefined;
  try {
    return use(caller);
  } finally {
    caller.close();
  }
}

function sumOf(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
