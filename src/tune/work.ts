/**
 * What a search is made of: works that need nothing of each other, so that other processes and other machines can do them,
 * and what was done need not be done again. Their results are data; a candidate is told by its index.
 */
import type { Optimization } from "../config/config.js";
import type { Engine } from "../emulators/engine.js";
import type { Policies } from "../policies/policy.js";
import { confidentSize, type ConfidenceQuestion, type ConfidentSize } from "../sizing/confidence.js";
import type { Trace } from "../traces/operation.js";
import { perturbedCopies } from "../traces/perturb/perturb.js";
import { roundUp } from "../units.js";
import { candidatesOf, variedCandidate, type Candidate, type ConfigValue } from "./candidates.js";
import { buildAny } from "./build-any.js";
import type { WorstCycles } from "./cycles.js";
import { objectOf } from "./front-value.js";
import { Need } from "./need.js";
import { poolsOf } from "./pools.js";
import { race, robustRace, type Runner } from "./race.js";
import { sizedCandidate } from "./sized.js";

/** What decides all results. */
export interface WorkRequest {
  readonly base: ConfigValue;
  /** As messages name it. */
  readonly file: string;
  /** At least one. */
  readonly traces: readonly Trace[];
  readonly confidence: ConfidenceQuestion;
  readonly levels: readonly Optimization[];
  /** Whose variants are tried; all when left out. */
  readonly policies?: Policies;
}

export type Work =
  /** A family's race on the traces as they are. */
  | { readonly kind: "race"; readonly family: string }
  /** Its race on perturbed copies, and what those that are left cost at each level. */
  | { readonly kind: "figures"; readonly family: string; readonly raced: readonly RacedCandidate[] }
  /** A config of the front, sized and run, at each of some levels. */
  | { readonly kind: "rows"; readonly candidate: number; readonly levels: readonly Optimization[] };

export interface RacedCandidate {
  readonly candidate: number;
  readonly heapBytes: number;
}

export interface Measured {
  readonly ramBytes: number;
  readonly flashBytes: number;
  /** Proven of every call in a heap of that size. */
  readonly worst: WorstCycles;
  /** Of an operation of the traces. */
  readonly meanCycles: number;
}

export interface BuiltCandidate extends Measured {
  readonly candidate: number;
  readonly optimize: Optimization;
  readonly toolchain: string;
}

export interface FamilyFigures {
  /** How many the race on perturbed copies left. */
  readonly robust: number;
  readonly built: readonly BuiltCandidate[];
}

export interface SizedCandidate {
  /** Of the traces as they are. */
  readonly leastHeapBytes: number;
  /** With confidence: of each trace, the largest. */
  readonly heapBytes: number;
  /** In the order of the traces. */
  readonly confident: readonly ConfidentSize[];
}

export interface ProvenCandidate extends SizedCandidate, Measured {
  readonly optimize: Optimization;
  readonly toolchain: string;
  /** How the core and the reference differ; undefined: they do not. */
  readonly difference?: string;
}

export interface WorkResults {
  readonly race: readonly RacedCandidate[];
  readonly figures: FamilyFigures;
  /** None where no heap in the target's RAM serves with the confidence. */
  readonly rows: readonly ProvenCandidate[];
}

export type ResultOf<Asked extends Work> = WorkResults[Asked["kind"]];

/** Perturbed copies of each trace in the race. */
const raceCopies = 8;
const fewestCopies = 4;
/** Of a config that does not say. */
const defaultAlignment = 8;
/** Of a long trace fewer do: it has many moments that are alike. */
const raceOperations = 400_000;
const raceCopiesOf = ({ operations }: Trace): number =>
  Math.min(raceCopies, Math.max(fewestCopies, Math.floor(raceOperations / operations.length)));

/** The candidates of a request, the base itself first. @throws AllocGenError, exit code 2: the base is faulty */
export function requestedCandidates({ base, file, traces, policies }: WorkRequest): readonly Candidate[] {
  const pools = poolsOf(traces, alignmentOf(base));
  const withRealloc = traces.some(({ operations }) => operations.some(({ kind }) => kind === "realloc"));
  const asked = { base, file, withRealloc, pools, ...(policies === undefined ? {} : { policies }) };
  const { own, others } = candidatesOf(asked);
  return [own, ...others];
}

/** Of payloads, as far as it decides which sizes are the same. */
function alignmentOf(base: ConfigValue): number {
  const { alignment } = objectOf(base["heap"]);
  return typeof alignment === "number" ? alignment : defaultAlignment;
}

export class TuneWork {
  readonly candidates: readonly Candidate[];
  #copies: readonly Trace[] | undefined;

  /** @throws AllocGenError, exit code 2: the base is faulty */
  constructor(
    private readonly request: WorkRequest,
    private readonly engine: Engine,
  ) {
    this.candidates = requestedCandidates(request);
  }

  /** @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed */
  do<Asked extends Work>(work: Asked): Promise<ResultOf<Asked>>;
  do(work: Work): Promise<WorkResults[Work["kind"]]> {
    switch (work.kind) {
      case "race":
        return this.#race(work.family);
      case "figures":
        return this.#figures(work.raced);
      case "rows":
        return this.#rows(work.candidate, work.levels);
    }
  }

  async #race(family: string): Promise<readonly RacedCandidate[]> {
    const own = this.candidates.filter((candidate) => candidate.family === family);
    return this.#numbered(await race(own, this.request.traces));
  }

  async #figures(raced: readonly RacedCandidate[]): Promise<FamilyFigures> {
    const { traces, confidence, levels } = this.request;
    this.#copies ??= traces.flatMap((trace) => perturbedCopies(trace, raceCopiesOf(trace), confidence.seed));
    const runners = raced.map(({ candidate, heapBytes }) => ({ candidate: this.#at(candidate), heapBytes }));
    const robust = this.#numbered(await robustRace(runners, this.#copies));
    const built: BuiltCandidate[] = [];
    for (const each of robust) {
      for (const optimize of levels) built.push(await this.#built(each, optimize));
    }
    return { robust: robust.length, built };
  }

  async #built({ candidate, heapBytes }: RacedCandidate, optimize: Optimization): Promise<BuiltCandidate> {
    const given = this.#at(candidate);
    const { alignment } = given.project.plan;
    const varied = variedCandidate(given, { optimize, heapBytes: roundUp(heapBytes, alignment) });
    const { figures, predicted } = await buildAny(varied, this.engine);
    return { ...figures, candidate, optimize, meanCycles: predicted(this.request.traces) };
  }

  async #rows(candidate: number, levels: readonly Optimization[]): Promise<readonly ProvenCandidate[]> {
    const given = this.#at(candidate);
    const size = await this.#sized(given);
    if (size === undefined) return [];
    const rows: ProvenCandidate[] = [];
    for (const optimize of levels) {
      const varied = variedCandidate(given, { optimize, heapBytes: size.heapBytes });
      const { figures, emulated } = await buildAny(varied, this.engine);
      rows.push({ ...size, ...figures, optimize, ...emulated(this.request.traces) });
    }
    return rows;
  }

  /** Undefined where no heap in the target's RAM serves with the confidence. */
  async #sized(candidate: Candidate): Promise<SizedCandidate | undefined> {
    const { traces, confidence } = this.request;
    const leastHeapBytes = await new Need(candidate, traces).least();
    if (leastHeapBytes === undefined) return undefined;
    const heap = sizedCandidate(candidate);
    const confident: ConfidentSize[] = [];
    for (const trace of traces) confident.push(await confidentSize(heap, trace, confidence));
    const heapBytes = Math.max(leastHeapBytes, ...confident.map((size) => size.heapBytes ?? Infinity));
    return Number.isFinite(heapBytes) ? { leastHeapBytes, heapBytes, confident } : undefined;
  }

  #at(index: number): Candidate {
    const candidate = this.candidates[index];
    if (candidate === undefined) throw new Error(`there is no candidate ${index}`);
    return candidate;
  }

  #numbered(runners: readonly Runner[]): readonly RacedCandidate[] {
    return runners.map(({ candidate, heapBytes }) => ({
      candidate: this.candidates.indexOf(candidate),
      heapBytes,
    }));
  }
}
