/**
 * Looks for operations that cost as much as a bound says they may: short scenarios, measured on the core, the costliest
 * kept and changed a little, again and again. Seeded: the same image and seed give the same scenarios.
 */
import { OperationCode, type HeapOperations } from "../traces/operation.js";
import { seededRandom, type Random } from "../traces/random.js";

/** A step names its allocation by a number from 0; a free of one that is not live is left out. */
type Step =
  | { readonly kind: "malloc"; readonly id: number; readonly size: number }
  | { readonly kind: "free"; readonly id: number };

/** Operations on an empty heap. What is live at the end is freed. */
export type Scenario = readonly Step[];

export interface SearchRequest {
  readonly seed: number;
  readonly maximumRequest: number;
  readonly minimumRequest: number;
  readonly granuleBytes: number;
  /** Rounds of changing, and scenarios of a round. */
  readonly rounds: number;
  readonly scenarios: number;
  /** Cycles of each operation, run in order from an empty heap. */
  readonly measure: (operations: HeapOperations) => Uint32Array;
  /** A function whose bound was reached needs no more search. */
  readonly enough?: { readonly malloc: number; readonly free: number };
}

export interface Found {
  readonly cycles: number;
  readonly scenario: Scenario;
}

const functions = ["malloc", "free"] as const;
type FunctionName = (typeof functions)[number];

/** Rounds without anything better, after which nothing better is expected. */
const patience = 6;

/** Kept of each round, by function. */
const kept = 24;

export function searchWorst(request: SearchRequest): Readonly<Record<FunctionName, Found>> {
  const random = seededRandom(request.seed, "worst case");
  const best: Record<FunctionName, readonly Found[]> = { malloc: [], free: [] };
  let idle = 0;
  for (let round = 0; round <= request.rounds && idle < patience; round++) {
    const before = functions.map((name) => best[name][0]?.cycles);
    const open = functions.filter(
      (name) => (best[name][0]?.cycles ?? 0) < (request.enough?.[name] ?? Infinity),
    );
    if (open.length === 0) break;
    const scenarios = Array.from({ length: request.scenarios }, (_, index): Scenario => {
      const pool = best[open[index % open.length] ?? "malloc"];
      const parent = pool[Math.floor(random.unit() ** 2 * pool.length)];
      if (parent === undefined || random.chance(0.1)) return drawScenario(request, random);
      let changed = parent.scenario;
      for (let changes = random.between(1, 4); changes > 0; changes--)
        changed = change(changed, request, random);
      return changed;
    });
    const costs = measureAll(scenarios, request);
    for (const name of functions) best[name] = keepBest(best[name], scenarios, costs[name]);
    idle = functions.every((name, index) => best[name][0]?.cycles === before[index]) ? idle + 1 : 0;
  }
  const first = (name: FunctionName): Found => best[name][0] ?? { cycles: 0, scenario: [] };
  return { malloc: first("malloc"), free: first("free") };
}

/** The costliest, one of each text: copies would leave no room for others. */
function keepBest(
  pool: readonly Found[],
  scenarios: readonly Scenario[],
  costs: readonly number[],
): readonly Found[] {
  const all = [...pool, ...scenarios.map((scenario, index) => ({ scenario, cycles: costs[index] ?? 0 }))];
  const seen = new Set<string>();
  return all
    .map((found, index) => ({ found, index }))
    .sort(
      (a, b) =>
        b.found.cycles - a.found.cycles ||
        a.found.scenario.length - b.found.scenario.length ||
        a.index - b.index,
    )
    .map(({ found }) => found)
    .filter(({ scenario }) => {
      const text = JSON.stringify(scenario);
      return !seen.has(text) && seen.add(text);
    })
    .slice(0, kept);
}

function measureAll(
  scenarios: readonly Scenario[],
  request: SearchRequest,
): Record<FunctionName, readonly number[]> {
  const { operations, ends } = joinScenarios(scenarios);
  const cycles = request.measure(operations);
  const most: Record<FunctionName, number[]> = { malloc: [], free: [] };
  let at = 0;
  for (const end of ends) {
    let [malloc, free] = [0, 0];
    for (; at < end; at++) {
      const cost = cycles[at] ?? 0;
      if (operations.kind[at] === OperationCode.malloc) malloc = Math.max(malloc, cost);
      else free = Math.max(free, cost);
    }
    most.malloc.push(malloc);
    most.free.push(free);
  }
  return most;
}

/** Scenarios one behind the other, each on the empty heap that the one before leaves. `ends`: where each ends. */
export function joinScenarios(scenarios: readonly Scenario[]): {
  readonly operations: HeapOperations;
  readonly ends: readonly number[];
} {
  const kind: number[] = [];
  const argument: number[] = [];
  const ends: number[] = [];
  for (const scenario of scenarios) {
    const live = new Map<number, number>();
    const free = (id: number, allocation: number): void => {
      live.delete(id);
      kind.push(OperationCode.free);
      argument.push(allocation);
    };
    for (const step of scenario) {
      const allocation = live.get(step.id);
      if (step.kind === "malloc" && allocation === undefined) {
        live.set(step.id, kind.length);
        kind.push(OperationCode.malloc);
        argument.push(step.size);
      } else if (step.kind === "free" && allocation !== undefined) {
        free(step.id, allocation);
      }
    }
    for (const [id, allocation] of [...live]) free(id, allocation);
    ends.push(kind.length);
  }
  return {
    operations: { length: kind.length, kind: Uint8Array.from(kind), argument: Uint32Array.from(argument) },
    ends,
  };
}

/** Blocks of a few sizes side by side, some freed in a random order, and more allocated from what that left. */
function drawScenario(request: SearchRequest, random: Random): Scenario {
  const sizes = Array.from({ length: random.between(2, 6) }, () => drawSize(request, random));
  const steps: Step[] = [];
  const anySize = (): number => sizes[random.below(sizes.length)] ?? 1;
  const count = random.between(3, 16);
  for (let id = 0; id < count; id++) steps.push({ kind: "malloc", id, size: anySize() });
  const order = Array.from({ length: count }, (_, id) => ({ id, key: random.unit() })).sort(
    (a, b) => a.key - b.key,
  );
  for (const { id } of order.slice(0, random.between(1, count))) steps.push({ kind: "free", id });
  for (let more = random.below(6); more > 0; more--) {
    steps.push({ kind: "malloc", id: steps.length + count, size: anySize() });
  }
  return steps;
}

function drawSize({ maximumRequest, minimumRequest }: SearchRequest, random: Random): number {
  const least = Math.max(1, minimumRequest);
  return Math.min(
    maximumRequest,
    Math.max(least, Math.round(least * (maximumRequest / least) ** random.unit())),
  );
}

/** One small change. */
function change(scenario: Scenario, request: SearchRequest, random: Random): Scenario {
  const steps = [...scenario];
  const at = random.below(steps.length + 1);
  const step = steps[at];
  const ids = steps.flatMap((one) => (one.kind === "malloc" ? [one.id] : []));
  const anyId = ids[random.below(Math.max(1, ids.length))] ?? 0;
  switch (random.below(6)) {
    case 0: // Another size.
    case 1:
      if (step?.kind === "malloc")
        steps[at] = { ...step, size: changeSize(step.size, steps, request, random) };
      break;
    case 2: // A step elsewhere.
      if (step !== undefined) {
        steps.splice(at, 1);
        steps.splice(random.below(steps.length + 1), 0, step);
      }
      break;
    case 3:
      steps.splice(at, 1);
      break;
    case 4:
      steps.splice(at, 0, { kind: "free", id: anyId });
      break;
    default:
      steps.splice(at, 0, {
        kind: "malloc",
        id: Math.max(-1, ...ids) + 1,
        size: changeSize(drawSize(request, random), steps, request, random),
      });
  }
  return steps;
}

function changeSize(size: number, steps: Scenario, request: SearchRequest, random: Random): number {
  const { maximumRequest, minimumRequest, granuleBytes } = request;
  const sizes = steps.flatMap((step) => (step.kind === "malloc" ? [step.size] : []));
  const changed = [
    (): number => sizes[random.below(Math.max(1, sizes.length))] ?? size,
    (): number => size + random.between(-2, 2) * granuleBytes,
    (): number => size * (random.chance(0.5) ? 2 : 0.5),
    (): number => drawSize(request, random),
  ][random.below(4)]?.();
  return Math.round(Math.min(maximumRequest, Math.max(minimumRequest, 1, changed ?? size)));
}
