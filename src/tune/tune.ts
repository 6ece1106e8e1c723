/** `alloc-gen tune`: of many configs those that no other beats for a program, each proven on its trace. */
import type { Optimization } from "../config/config.js";
import type { Engine } from "../emulators/engine.js";
import { comparePeers, type Entry } from "../peers/compare-peers.js";
import type { Peer } from "../peers/peer.js";
import type { Progress } from "../pipeline.js";
import type { Policies } from "../policies/policy.js";
import { confidentSize, type ConfidenceQuestion, type ConfidentSize } from "../sizing/confidence.js";
import type { Trace } from "../traces/operation.js";
import { perturbedCopies } from "../traces/perturb/perturb.js";
import { roundUp } from "../units.js";
import { keeps, type Budget } from "./budgets.js";
import { candidatesOf, variedCandidate, type Candidate, type ConfigValue } from "./candidates.js";
import { buildCandidate, emulate, predictedMean, type WorstCycles } from "./cycles.js";
import { paretoFront, type Figures, type Objective } from "./front.js";
import { Need } from "./need.js";
import { race, robustRace } from "./race.js";

export interface TuneRequest {
  readonly base: ConfigValue;
  /** As messages name it. */
  readonly file: string;
  /** At least one. */
  readonly traces: readonly Trace[];
  readonly confidence: ConfidenceQuestion;
  readonly levels: readonly Optimization[];
  readonly budgets: readonly Budget[];
  readonly minimise: Objective;
  readonly peers: readonly Peer[];
  readonly engine: Engine;
  readonly progress?: Progress;
  /** Whose variants are tried; all when left out. */
  readonly policies?: Policies;
}

/** A config of the front. */
export interface Row {
  readonly candidate: Candidate;
  /** Of the traces as they are: the least heap, and all RAM with it. */
  readonly leastHeapBytes: number;
  /** The size that its config has: of each trace with confidence, the largest. */
  readonly heapBytes: number;
  readonly ramBytes: number;
  readonly flashBytes: number;
  /** Proven of every call in a heap of that size. */
  readonly worst: WorstCycles;
  /** Of an operation of the traces, on the emulated core. */
  readonly meanCycles: number;
  /** In the order of the traces. */
  readonly confident: readonly ConfidentSize[];
  /** How the core and the reference differ; undefined: they do not. */
  readonly difference?: string;
}

export interface TuneResult {
  readonly request: TuneRequest;
  /** In the order of what is to be least. */
  readonly rows: readonly Row[];
  /** The base config, with a size found alike. Undefined: no heap in the target's RAM serves. */
  readonly own: Row | undefined;
  readonly peers: readonly Entry[];
  /** Configs tried, left after the race, left after the race on perturbed copies, and built. */
  readonly counts: Readonly<Record<"candidates" | "raced" | "robust" | "built", number>>;
  readonly toolchain: string;
}

/** Perturbed copies of each trace in the race. */
const raceCopies = 8;
const fewestCopies = 4;
/** Of a long trace fewer do: it has many moments that are alike. */
const raceOperations = 400_000;
const raceCopiesOf = ({ operations }: Trace): number =>
  Math.min(raceCopies, Math.max(fewestCopies, Math.floor(raceOperations / operations.length)));
export const mostRows = 10;

/** @throws AllocGenError: exit code 2 for a base that is faulty, 3 where a compiler or an emulator is missing or failed */
export async function tune(request: TuneRequest): Promise<TuneResult> {
  const { base, file, traces, confidence, levels, policies, progress = () => undefined } = request;
  const withRealloc = traces.some(({ operations }) => operations.some(({ kind }) => kind === "realloc"));
  const { own, others } = candidatesOf({
    base,
    file,
    withRealloc,
    ...(policies === undefined ? {} : { policies }),
  });
  const raced = await race([own, ...others], traces, (done) => progress("race", done, others.length));
  const copies = traces.flatMap((trace) => perturbedCopies(trace, raceCopiesOf(trace), confidence.seed));
  const robust = await robustRace(raced, copies, (done) => progress("robust race", done, raced.length));

  const built: Preliminary[] = [];
  for (const [index, { candidate, heapBytes }] of robust.entries()) {
    for (const optimize of levels) {
      progress(`cycles at ${optimize}`, index, robust.length);
      built.push(await preliminary(candidate, optimize, heapBytes, request));
    }
  }
  const front = paretoFront(
    built.filter((each) => keeps(each, request.budgets)),
    figuresOf,
    mostRows,
    request.minimise,
  );
  const sizes = new Sizes(request);
  const rows: Row[] = [];
  for (const [index, { candidate, optimize }] of front.entries()) {
    progress("prove the front", index, front.length);
    const row = await rowOf(candidate, optimize, sizes, request);
    if (row !== undefined) rows.push(row);
  }
  const { optimize } = own.project.loaded.config.toolchain;
  const ownRow = await rowOf(own, optimize, sizes, request);
  const kept = paretoFront(
    rows.filter((row) => keeps(row, request.budgets)),
    figuresOf,
    mostRows,
    request.minimise,
  );
  const peers = await peersBeside(ownRow, request);
  const counts = {
    candidates: others.length + 1,
    raced: raced.length,
    robust: robust.length,
    built: built.length,
  };
  const toolchain = built[0]?.toolchain ?? peers[0]?.toolchain ?? "";
  return { request, rows: kept, own: ownRow, peers, counts, toolchain };
}

interface Preliminary extends Measured {
  readonly candidate: Candidate;
  readonly optimize: Optimization;
  readonly toolchain: string;
}

async function preliminary(
  candidate: Candidate,
  optimize: Optimization,
  heapBytes: number,
  { engine, traces }: TuneRequest,
): Promise<Preliminary> {
  const { alignment } = candidate.project.plan;
  const { project } = variedCandidate(candidate, { optimize, heapBytes: roundUp(heapBytes, alignment) });
  const { bench, ...figures } = await buildCandidate(project, engine);
  return { ...figures, candidate, optimize, meanCycles: predictedMean(bench, traces) ?? Infinity };
}

type Measured = Pick<Row, "ramBytes" | "flashBytes" | "worst" | "meanCycles">;

const figuresOf = ({ ramBytes, flashBytes, worst, meanCycles }: Measured): Figures => ({
  ram: ramBytes,
  worst: Math.max(worst.malloc, worst.free),
  mean: meanCycles,
  flash: flashBytes,
});

/** What each config needs, which no level of optimisation changes. */
class Sizes {
  readonly #known = new Map<Candidate, Promise<SizedCandidate | undefined>>();

  constructor(private readonly request: TuneRequest) {}

  of(candidate: Candidate): Promise<SizedCandidate | undefined> {
    const known = this.#known.get(candidate) ?? sizeOf(candidate, this.request);
    this.#known.set(candidate, known);
    return known;
  }
}

type SizedCandidate = Pick<Row, "leastHeapBytes" | "heapBytes" | "confident">;

async function sizeOf(
  candidate: Candidate,
  { traces, confidence }: TuneRequest,
): Promise<SizedCandidate | undefined> {
  const leastHeapBytes = await new Need(candidate, traces).least();
  if (leastHeapBytes === undefined) return undefined;
  const { loaded, target, plan } = candidate.project;
  const confident: ConfidentSize[] = [];
  for (const trace of traces) {
    confident.push(await confidentSize(loaded.config, target, trace, plan.api.realloc, confidence));
  }
  const heapBytes = Math.max(leastHeapBytes, ...confident.map((size) => size.heapBytes ?? Infinity));
  return Number.isFinite(heapBytes) ? { leastHeapBytes, heapBytes, confident } : undefined;
}

/** Undefined where no heap in the target's RAM serves with the confidence. */
async function rowOf(
  candidate: Candidate,
  optimize: Optimization,
  sizes: Sizes,
  { engine, traces }: TuneRequest,
): Promise<Row | undefined> {
  const size = await sizes.of(candidate);
  if (size === undefined) return undefined;
  const varied = variedCandidate(candidate, { optimize, heapBytes: size.heapBytes });
  const built = await buildCandidate(varied.project, engine);
  const { worst, flashBytes, ramBytes } = built;
  return { candidate: varied, ...size, worst, flashBytes, ramBytes, ...emulate(built, traces) };
}

/** The base config and its peers, on the traces as they are. */
async function peersBeside(
  own: Row | undefined,
  { peers, traces, engine, progress }: TuneRequest,
): Promise<readonly Entry[]> {
  if (peers.length === 0 || own === undefined) return [];
  const { project } = own.candidate;
  const { optimize, compiler } = project.loaded.config.toolchain;
  const compared = await comparePeers({
    project,
    peers,
    traces,
    optimizations: [optimize],
    compilers: [compiler],
    engine,
    leastHeaps: true,
    ...(progress === undefined ? {} : { progress }),
  });
  return compared.entries.filter(({ name }) => name !== project.loaded.config.name);
}
