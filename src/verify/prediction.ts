/** Cycles predicted from the reference's paths: derived once for a build, then held against every measured operation. */
import type { Path } from "../reference/path.js";
import { generateWorkload } from "../traces/generate.js";
import {
  namesOf,
  operationName,
  operationNames,
  type HeapOperations,
  type OperationName,
  type Trace,
} from "../traces/operation.js";
import { basicWorkloads, workloadNames } from "../config/vocabulary.js";
import { CostTable } from "./cost-table.js";
import type { Bench } from "./equivalence.js";
import { loweredWithPaths } from "./lowered.js";
import { onWitness } from "./on-witness.js";
import type { PredictionCount, WrongPrediction } from "./verification.js";

/** What the operations of one build cost, by function. */
export class Costs {
  private readonly tables = operationNames.map(() => new CostTable());

  of(code: number): CostTable {
    const table = this.tables[code - 1];
    if (table === undefined) throw new Error(`no operation has the code ${code}`);
    return table;
  }
}

/** Operations of a directed run, and the most rounds of one run for each workload. */
const runLength = 300;
const mostRounds = 16;
/** Rounds one after another without a way that was not yet measured: what others would bring is rare. */
const quietRounds = 2;

/**
 * Short directed runs: of many short sequences the reference picks those that go a way not yet measured, and only
 * those are run on the core, until no sequence brings a new one. An engine's witness measures them, where there is one: what is
 * predicted is then its word.
 */
export function deriveCosts(asked: Bench): Costs {
  const bench = onWitness(asked);
  const costs = new Costs();
  const names = namesOf(bench.image.entries).length > 2 ? workloadNames : basicWorkloads;
  const { heapBytes, maximumRequestBytes } = bench.plan;
  for (let seed = 0, quiet = 0; seed < mostRounds && quiet < quietRounds; seed++) {
    const learnt = names.map((name) => {
      const trace = generateWorkload(name, {
        seed,
        operations: runLength,
        heapBytes,
        maximumRequest: maximumRequestBytes,
        minimumRequest: 1,
      });
      return learnFrom(bench, costs, trace);
    });
    quiet = learnt.includes(true) ? 0 : quiet + 1;
  }
  return costs;
}

/** Whether the sequence went a way not yet measured. */
function learnFrom(bench: Bench, costs: Costs, trace: Trace): boolean {
  const { operations, paths } = loweredWithPaths(bench.plan, trace, bench.image.heapAddress);
  const isUnknown = (path: Path, index: number) =>
    !path.coalescingPass && costs.of(operations.kind[index] as number).predict(path) === undefined;
  if (!paths.some(isUnknown)) return false;
  const session = bench.engine.open(bench.image, bench.target, operations);
  try {
    // A run that faults, or goes another way than the reference, teaches nothing: the comparison will tell.
    if (session.reset() !== undefined) return true;
    const { completed } = session.execute(0, operations.length);
    for (const [index, path] of paths.slice(0, completed).entries()) {
      costs.of(operations.kind[index] as number).learn(path, session.cycles[index] as number);
    }
    return true;
  } finally {
    session.close();
  }
}

/** "16f2a9c03b1d with loops 0: 12, 28: 6" */
export function describePath({ key, loops }: Path): string {
  const counts = loops.flatMap((count, kind) => (count === 0 ? [] : [`${kind}: ${count}`]));
  return `${key.toString(16)}${counts.length === 0 ? "" : ` with loops ${counts.join(", ")}`}`;
}

const none: PredictionCount = { exact: 0, wrong: 0 };

/** Predictions of one workload held against its measurements. */
export interface PredictionResult {
  /** Of the functions that were called. */
  readonly counts: ReadonlyMap<OperationName, PredictionCount>;
  readonly firstWrong: WrongPrediction | undefined;
}

/**
 * Holds predictions against measured cycles, operation by operation. A path that no directed run went is learnt where it
 * first occurs, and that operation counts neither way; nor does one that swept the heap.
 */
export class PredictionCheck {
  readonly #byCode = operationNames.map(() => ({ exact: 0, wrong: 0 }));
  #firstWrong: WrongPrediction | undefined;
  /** Operations that were held. */
  #done = 0;

  constructor(
    private readonly costs: Costs,
    private readonly operations: HeapOperations,
  ) {}

  /**
   * The operations from `from` on, as many as there are paths. Those that were held before are passed over.
   * @param cycles of all operations
   */
  hold(from: number, paths: readonly Path[], cycles: Uint32Array): void {
    for (const [index, path] of paths.entries()) {
      const operation = from + index;
      if (operation < this.#done) continue;
      this.#holdOne(operation, path, cycles[operation] as number);
      this.#done = operation + 1;
    }
  }

  #holdOne(operation: number, path: Path, measured: number): void {
    const code = this.operations.kind[operation] as number;
    const table = this.costs.of(code);
    const predicted = table.predict(path);
    if (predicted === undefined) {
      table.learn(path, measured);
      return;
    }
    const count = this.#byCode[code - 1];
    if (count === undefined) return;
    if (predicted === measured) {
      count.exact++;
      return;
    }
    count.wrong++;
    this.#firstWrong ??= {
      function: operationName(code),
      path: describePath(path),
      operation,
      predicted,
      measured,
    };
    table.learn(path, measured);
  }

  get result(): PredictionResult {
    const counts = new Map(operationNames.map((name, index) => [name, this.#byCode[index] ?? none]));
    return { counts, firstWrong: this.#firstWrong };
  }
}
