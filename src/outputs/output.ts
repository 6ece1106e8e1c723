/**
 * What an output is: files that a run writes, made of the plans alone. Each has a folder here and one line in
 * `registry.ts`; `defineOutput` hides the type of its options, so that all of them stand in one list.
 */
import type { z } from "zod";
import type { Provenance } from "./c/c-view.js";
import type { GeneratedFile } from "./c/emit.js";
import type { Engine } from "../emulators/engine.js";
import type { Plan } from "../plan/plan.js";
import type { Target } from "../targets/target.js";

export interface OutputHeap {
  readonly plan: Plan;
  readonly provenance: Provenance;
}

type Files = readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>;

/** What an output's own proof is run with. */
export interface ProofBench {
  /** The heaps' C. */
  readonly files: readonly GeneratedFile[];
  readonly target: Target;
  readonly engine: Engine;
  readonly compiler: string;
  readonly optimize: string;
  readonly seed: number;
}

/** What an output's own proof found, as any format of the report needs it. */
export interface OutputProof {
  /** Key of `report` in the JSON report of a run. */
  readonly key: string;
  /** The JSON report's part. */
  readonly report: object;
  /** C identifier of what was tried. */
  readonly subject: string;
  /** "app over all heaps" */
  readonly title: string;
  /** How much was tried: "4,000 operations" */
  readonly tried: string;
  /** What is wrong, in a sentence without a full stop; nothing is written then. Absent: all is right. */
  readonly failure?: string;
  /** For people. */
  readonly lines: readonly string[];
}

interface OfEachHeap<Options> {
  readonly scope: "heap";
  /** Names relative to the output folder; the same heap gives the same bytes. */
  readonly files: (heap: OutputHeap, options: Options) => Files;
}

interface OfAllHeaps<Options> {
  readonly scope: "heaps";
  /** @param heaps in the config's order, at least one. */
  readonly files: (heaps: readonly OutputHeap[], options: Options) => Files;
  /**
   * Shows that files which are more than text do what they should.
   * @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed.
   */
  readonly prove?: (
    heaps: readonly OutputHeap[],
    options: Options,
    bench: ProofBench,
  ) => Promise<OutputProof>;
}

export type OutputRecord<Options> = {
  /** Of its folder, and in the config. */
  readonly name: string;
  /** Whether every config has it, or those that ask for it. */
  readonly when: "always" | "asked";
  /** What a config may say of it. */
  readonly options: z.ZodType<Options>;
} & (OfEachHeap<Options> | OfAllHeaps<Options>);

/** An output with the options of one config. */
export type ChosenOutput =
  | { readonly scope: "heap"; readonly name: string; readonly files: (heap: OutputHeap) => Files }
  | {
      readonly scope: "heaps";
      readonly name: string;
      readonly files: (heaps: readonly OutputHeap[]) => Files;
      readonly prove?: (heaps: readonly OutputHeap[], bench: ProofBench) => Promise<OutputProof>;
    };

/** An output whose options are its own affair. */
export interface Output extends Pick<OutputRecord<unknown>, "name" | "when" | "options"> {
  /** @throws ZodError: the options are not such as its schema takes, which a config was to be refused for. */
  readonly choose: (options: unknown) => ChosenOutput;
}

export function defineOutput<Options>(record: OutputRecord<Options>): Output {
  const { name, when, options } = record;
  return { name, when, options, choose: (given) => withOptions(record, options.parse(given)) };
}

function withOptions<Options>(record: OutputRecord<Options>, options: Options): ChosenOutput {
  const { name } = record;
  switch (record.scope) {
    case "heap":
      return { scope: "heap", name, files: (heap) => record.files(heap, options) };
    case "heaps": {
      const { prove } = record;
      return {
        scope: "heaps",
        name,
        files: (heaps) => record.files(heaps, options),
        ...(prove === undefined ? {} : { prove: (heaps, bench) => prove(heaps, options, bench) }),
      };
    }
  }
}
