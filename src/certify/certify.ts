/** How large a heap must be for any program within limits, and how far a program that tries gets. */
import type { Config } from "../config/config.js";
import { smallestHeap } from "../config/resolve-heap.js";
import { AllocGenError } from "../diagnostics.js";
import { overheadBytes, type Plan } from "../plan/plan.js";
import type { Target } from "../targets/target.js";
import { planAt } from "../sizing/sizing.js";
import type { Trace } from "../traces/operation.js";
import { roundUp } from "../units.js";
import { keepAtPlaces, keepFewest, ladders, play, type Game, type Opponent } from "./adversary.js";
import { blockSizes, type Demand } from "./demand.js";
import { enoughByBuddies, enoughByFirstFit, enoughByGaps, slotsNeeded, type Enough } from "./theorems.js";

/** What is enough, of a plan's policy; undefined: nothing is. */
export function enoughFor(plan: Plan, demand: Demand): Enough | undefined {
  const rule = plan.rules.fragmentation(plan);
  switch (rule.kind) {
    case "unbounded":
      return undefined;
    case "slots": {
      const blockBytes = slotsNeeded(demand, rule).reduce(
        (sum, each) => sum + each.needed * each.blockBytes,
        0,
      );
      return { blockBytes, theorem: "slots" };
    }
    case "buddies":
      return movesInPlace(plan) ? undefined : enoughByBuddies(demand, rule, plan.granuleBytes);
    case "finds": {
      const byGaps = enoughByGaps(demand, rule, plan.granuleBytes);
      const byFirstFit = movesInPlace(plan) ? undefined : enoughByFirstFit(demand, rule, plan.granuleBytes);
      return byFirstFit !== undefined && byFirstFit.blockBytes < byGaps.blockBytes ? byFirstFit : byGaps;
    }
  }
}

/** Blocks change their size where they stand, which no theorem of placement knows of. */
export const movesInPlace = ({ api }: Plan): boolean => api.realloc || api.alignedAlloc;

/** Whether a heap of the plan serves every sequence. */
export function isEnough(plan: Plan, demand: Demand): boolean {
  if (plan.maximumRequestBytes < demand.largest) return false;
  const rule = plan.rules.fragmentation(plan);
  if (rule.kind === "slots") return slotsNeeded(demand, rule).every(({ needed, count }) => needed <= count);
  const enough = enoughFor(plan, demand);
  return enough !== undefined && enough.blockBytes <= plan.endOfBlocks - plan.firstBlock;
}

/** A heap that is certified. */
export interface CertifiedSize {
  readonly heapBytes: number;
  readonly enough: Enough;
}

/** Whether the config says how many blocks there are, whatever the heap's size. */
export const hasFixedBlocks = (plan: Plan): boolean => plan.rules.fragmentation(plan).kind === "slots";

/** The least heap that is found certified; or why there is none. */
export function certifiedSize(config: Config, target: Target, demand: Demand): CertifiedSize | string {
  const own = planAt(config, target, config.heap.size);
  if (!(own instanceof AllocGenError) && hasFixedBlocks(own)) return certifiedBlocks(own, demand);
  const step = config.heap.alignment;
  let heapBytes = roundUp(Math.max(smallestHeap, demand.liveBytes), step);
  for (let tries = 0; tries < mostTries; tries++) {
    const plan = planAt(config, target, heapBytes);
    if (plan instanceof AllocGenError) return plan.diagnostics.map(({ message }) => message).join("; ");
    const enough = enoughFor(plan, demand);
    if (enough === undefined) return "no theorem is known of this policy";
    if (isEnough(plan, demand)) return { heapBytes, enough };
    // Control data grow with the heap: what is missing is added until nothing is.
    const missing = enough.blockBytes - (plan.endOfBlocks - plan.firstBlock);
    heapBytes = roundUp(heapBytes + Math.max(missing, step), step);
  }
  return "control data grow as fast as the heap";
}

/** Of blocks whose numbers the config gives: the heap as it is, or what it lacks. */
function certifiedBlocks(plan: Plan, demand: Demand): CertifiedSize | string {
  const rule = plan.rules.fragmentation(plan);
  const enough = enoughFor(plan, demand);
  if (rule.kind !== "slots" || enough === undefined) return "no theorem is known of this policy";
  if (isEnough(plan, demand)) return { heapBytes: plan.heapBytes, enough };
  const lacks = slotsNeeded(demand, rule).filter(({ needed, count }) => needed > count);
  const largest = rule.classes.at(-1)?.blockBytes ?? 0;
  return [
    ...(largest < demand.largest ? [`no class serves ${demand.largest} bytes`] : []),
    ...lacks.map(
      ({ blockBytes, needed, count }) => `blocks of ${blockBytes}: ${needed} needed, ${count} there`,
    ),
  ].join("; ");
}

/** Whether the plan's own heap loses to one of the programs. */
export function defeatAsItIs(plan: Plan, demand: Demand): Defeat | undefined {
  const game = defeatOf(plan, demand);
  return game && { heapBytes: plan.heapBytes, trace: traceOf(game) };
}

const mostTries = 10_000;

/** A program that the heap of a size does not serve. */
export interface Defeat {
  readonly heapBytes: number;
  readonly trace: Trace;
}

/** The game that a heap loses to, or undefined: none of the programs wins. */
export function defeatOf(plan: Plan, demand: Demand): Game | undefined {
  const bytesOf = leastBlockBytes(plan);
  for (const steps of ladders(blockSizes(demand, bytesOf))) {
    for (const keep of [keepFewest, keepAtPlaces()]) {
      const game = play(opponentOf(plan, bytesOf), demand, steps, keep);
      if (game.isWon) return game;
    }
  }
  return undefined;
}

/** Bytes of block that a request takes, where nothing is left over that stays with it. */
export function leastBlockBytes(plan: Plan): (request: number) => number {
  const rule = plan.rules.fragmentation(plan);
  switch (rule.kind) {
    case "finds":
      return (request) => rule.blockBytes(request).least;
    case "buddies":
      return rule.blockBytes;
    case "slots":
      return (request) => rule.classes.find(({ blockBytes }) => blockBytes >= request)?.blockBytes ?? request;
    case "unbounded":
      return (request) => roundUp(request + overheadBytes(plan), plan.granuleBytes);
  }
}

/** Bytes of block that a request takes at most. */
export function mostBlockBytesFor(plan: Plan): (request: number) => number {
  const rule = plan.rules.fragmentation(plan);
  return rule.kind === "finds" ? (request) => rule.blockBytes(request).most : leastBlockBytes(plan);
}

function opponentOf(plan: Plan, bytesOf: (request: number) => number): Opponent {
  const heap = plan.rules.reference(plan);
  return {
    malloc: (request) => {
      const { payload } = heap.malloc(request, 0);
      return payload < 0 ? undefined : { start: payload, bytes: bytesOf(request) };
    },
    free: (start) => void heap.free(start),
  };
}

/**
 * The largest heap that loses to one of the programs, as far as halving the distance finds it: a larger one may lose
 * too.
 * @param most a size from which on no program is tried
 */
export function largestDefeated(
  config: Config,
  target: Target,
  demand: Demand,
  most: number,
): Defeat | undefined {
  const step = config.heap.alignment;
  let [low, high] = [0, Math.ceil(most / step)];
  let found: Defeat | undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const plan = planAt(config, target, middle * step);
    // A size that makes no heap serves nothing either.
    if (plan instanceof AllocGenError) {
      low = middle;
      continue;
    }
    const defeat = defeatAsItIs(plan, demand);
    if (defeat === undefined) high = middle;
    else [low, found] = [middle, defeat];
  }
  return found;
}

const traceOf = ({ operations }: Game): Trace => ({ name: "adversary", header: new Map(), operations });
