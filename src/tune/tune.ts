/** `alloc-gen tune`: of many configs those that no other beats for a program, each proven on its trace. */
import type { Optimization } from "../config/config.js";
import type { Engine } from "../emulators/engine.js";
import { comparePeers, type Entry } from "../peers/compare-peers.js";
import type { Peer } from "../peers/peer.js";
import type { Progress } from "../pipeline.js";
import { keeps, type Budget } from "./budgets.js";
import { variedCandidate, type Candidate } from "./candidates.js";
import { paretoFront, type Figures, type Objective } from "./front.js";
import { ownHands, type Hands } from "./hands.js";
import { inReach } from "./race.js";
import { familiesOf, type FoundFamily, type Shard } from "./shard.js";
import {
  requestedCandidates,
  TuneWork,
  type Measured,
  type ProvenCandidate,
  type WorkRequest,
} from "./work.js";

export interface SearchRequest extends WorkRequest {
  readonly engine: Engine;
  readonly progress?: Progress;
  /** This process when left out. */
  readonly hands?: Hands;
}

export interface TuneRequest extends SearchRequest {
  readonly budgets: readonly Budget[];
  readonly minimise: Objective;
  readonly peers: readonly Peer[];
  /** What was found of all families, where that was done already. */
  readonly found?: readonly FoundFamily[];
}

/** A config of the front. */
export interface Row extends Omit<ProvenCandidate, "optimize" | "toolchain"> {
  readonly candidate: Candidate;
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

export const mostRows = 10;

/**
 * The families of a part of the search, or of all of it.
 * @throws AllocGenError: exit code 2 for a base that is faulty, 3 where a compiler or an emulator is missing or failed
 */
export async function searchFamilies(
  request: SearchRequest,
  shard: Shard = { part: 1, of: 1 },
): Promise<readonly FoundFamily[]> {
  const { progress = () => undefined, hands = ownHands(new TuneWork(request, request.engine)) } = request;
  const all = [...new Set(requestedCandidates(request).map(({ family }) => family))];
  const names = familiesOf(all, shard);
  const raced = await together("race", names, progress, async (family) => ({
    family,
    raced: await hands.do({ kind: "race", family }),
  }));
  const near = new Set(inReach(raced));
  return together("cycles", raced, progress, async (family) =>
    near.has(family) ? { ...family, figures: await hands.do({ kind: "figures", ...family }) } : family,
  );
}

/** @throws AllocGenError, as `searchFamilies` does */
export async function tune(request: TuneRequest): Promise<TuneResult> {
  const { progress = () => undefined, minimise, budgets } = request;
  const hands = request.hands ?? ownHands(new TuneWork(request, request.engine));
  const candidates = requestedCandidates(request);
  const found = inReach(request.found ?? (await searchFamilies({ ...request, hands })));
  const figures = found.flatMap((family) => family.figures ?? []);
  const built = figures.flatMap((each) => each.built);
  const front = paretoFront(
    built.filter((each) => keeps(each, budgets)),
    figuresOf,
    mostRows,
    minimise,
  );
  const own = candidates[0]?.project.loaded.config.toolchain.optimize;
  const wanted = levelsOf([...front, ...(own === undefined ? [] : [{ candidate: 0, optimize: own }])]);
  const proven = (
    await together("prove the front", [...wanted], progress, async ([candidate, levels]) =>
      (await hands.do({ kind: "rows", candidate, levels })).map((row) => ({ ...row, candidate })),
    )
  ).flat();
  const rowOf = (asked: { readonly candidate: number; readonly optimize: Optimization }): Row | undefined => {
    const row = proven.find(
      ({ candidate, optimize }) => candidate === asked.candidate && optimize === asked.optimize,
    );
    const given = candidates[asked.candidate];
    return row && given && { ...row, candidate: variedCandidate(given, row) };
  };
  const rows = paretoFront(
    front.flatMap((each) => rowOf(each) ?? []).filter((row) => keeps(row, budgets)),
    figuresOf,
    mostRows,
    minimise,
  );
  const ownRow = own && rowOf({ candidate: 0, optimize: own });
  const peers = await peersBeside(ownRow, request);
  const counts = {
    candidates: candidates.length,
    raced: found.reduce((sum, { raced }) => sum + raced.length, 0),
    robust: figures.reduce((sum, { robust }) => sum + robust, 0),
    built: built.length,
  };
  const toolchain = built[0]?.toolchain ?? peers[0]?.toolchain ?? "";
  return { request, rows, own: ownRow, peers, counts, toolchain };
}

/** The results in the order of what is done, whatever is done first. */
async function together<Item, Result>(
  stage: string,
  items: readonly Item[],
  progress: Progress,
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  let done = 0;
  return Promise.all(
    items.map(async (item) => {
      const result = await act(item);
      progress(stage, ++done, items.length);
      return result;
    }),
  );
}

/** Levels at which each candidate is wanted. */
function levelsOf(
  wanted: readonly { readonly candidate: number; readonly optimize: Optimization }[],
): ReadonlyMap<number, readonly Optimization[]> {
  const levels = new Map<number, readonly Optimization[]>();
  for (const { candidate, optimize } of wanted)
    levels.set(candidate, [...new Set([...(levels.get(candidate) ?? []), optimize])]);
  return levels;
}

const figuresOf = ({ ramBytes, flashBytes, worst, meanCycles }: Measured): Figures => ({
  ram: ramBytes,
  worst: Math.max(worst.malloc, worst.free),
  mean: meanCycles,
  flash: flashBytes,
});

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
