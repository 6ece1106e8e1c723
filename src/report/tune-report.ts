/** The report of `alloc-gen tune`, as data. */
import type { Objective } from "../tune/front.js";
import type { Row, TuneResult } from "../tune/tune.js";
import { engineTitle } from "./engine-text.js";
import { perturbedReport, type PerturbedReport } from "./size-report.js";

export interface TuneReport {
  readonly version: 1;
  /** False where no config keeps the budgets, or the core and the reference differ. */
  readonly ok: boolean;
  readonly name: string;
  readonly target: string;
  readonly toolchain: string;
  readonly engine: string;
  readonly minimise: Objective;
  /** Of the perturbed copies. */
  readonly seed: number;
  readonly confidence: number;
  readonly copies: number;
  readonly budgets: readonly { readonly name: string; readonly most: number }[];
  readonly traces: readonly { readonly name: string; readonly operations: number }[];
  /** Configs tried, left after the race, left after the race on perturbed copies, and built. */
  readonly counts: TuneResult["counts"];
  readonly front: readonly TuneRow[];
  /** The config that was begun with; null where no heap in the target's RAM serves. */
  readonly own: TuneRow | null;
  readonly peers: readonly {
    readonly name: string;
    /** With the least heap for the traces as they are; null where none serves. */
    readonly leastRamBytes: number | null;
    readonly flashBytes: number;
    /** Measured, for nothing is proven of them. */
    readonly worstCycles: { readonly malloc: number; readonly free: number };
    readonly meanCycles: number;
  }[];
}

export interface TuneRow {
  /** From 1 in the front; 0 for the config that was begun with. */
  readonly row: number;
  readonly family: string;
  /** In what it differs from the row before, or all that it sets. */
  readonly differs: string;
  /** The config's keys over those that were begun with. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the traces as they are. */
  readonly leastHeapBytes: number;
  /** With confidence: the config's heap.size. */
  readonly heapBytes: number;
  /** heapBytes over leastHeapBytes, in percent above. */
  readonly marginPercent: number;
  /** All RAM with that heap. */
  readonly ramBytes: number;
  readonly flashBytes: number;
  /** Proven; null where no bound is. */
  readonly boundCycles: { readonly malloc: number | null; readonly free: number | null };
  /** Of an operation of the traces, on the emulated core. */
  readonly meanCycles: number;
  readonly perturbed: readonly PerturbedReport[];
  readonly difference?: string;
}

export function makeTuneReport(result: TuneResult): TuneReport {
  const { request, rows, own, peers, counts, toolchain } = result;
  const { confidence, traces, budgets, minimise, engine } = request;
  const first = (own ?? rows[0])?.candidate.project;
  return {
    version: 1,
    ok: rows.length > 0 && rows.every(({ difference }) => difference === undefined),
    name: first?.plan.name ?? "",
    target: first?.target.name ?? "",
    toolchain,
    engine: engineTitle(engine),
    minimise,
    seed: confidence.seed,
    confidence: confidence.confidence,
    copies: confidence.copies,
    budgets,
    traces: traces.map(({ name, operations }) => ({ name, operations: operations.length })),
    counts,
    front: rows.map((row, index) => tuneRow(row, index + 1, rows[index - 1])),
    own: own === undefined ? null : tuneRow(own, 0, undefined),
    peers: peers.map((peer) => {
      const worst = (name: "malloc" | "free"): number =>
        Math.max(0, ...peer.traces.map((trace) => trace[name].cycles.max));
      const [cycles, calls] = peer.traces
        .flatMap((trace) => [trace.malloc, trace.free, ...(trace.realloc ? [trace.realloc] : [])])
        .reduce(([sum, count], each) => [sum + each.calls * each.cycles.mean, count + each.calls], [0, 0]);
      const least = peer.traces.map((trace) => trace.least?.ramBytes ?? Infinity);
      const operations = traces.reduce((sum, trace) => sum + trace.operations.length, 0);
      return {
        name: peer.name,
        leastRamBytes: least.every(Number.isFinite) ? Math.max(...least) : null,
        flashBytes: peer.flashBytes,
        worstCycles: { malloc: worst("malloc"), free: worst("free") },
        meanCycles: calls === 0 ? 0 : cycles / operations,
      };
    }),
  };
}

function tuneRow(row: Row, number: number, before: Row | undefined): TuneRow {
  const { worst, leastHeapBytes, heapBytes, difference } = row;
  const known = (cycles: number): number | null => (Number.isFinite(cycles) ? cycles : null);
  return {
    row: number,
    family: row.candidate.family,
    differs: differenceText(row, before),
    settings: row.candidate.settings,
    leastHeapBytes,
    heapBytes,
    marginPercent: (100 * heapBytes) / leastHeapBytes - 100,
    ramBytes: row.ramBytes,
    flashBytes: row.flashBytes,
    boundCycles: { malloc: known(worst.malloc), free: known(worst.free) },
    meanCycles: row.meanCycles,
    perturbed: row.confident.map(perturbedReport),
    ...(difference === undefined ? {} : { difference }),
  };
}

/** "split low, -Os": what is set otherwise than in the row before, where that is of the same family. */
function differenceText({ candidate }: Row, before: Row | undefined): string {
  const { settings, family } = candidate;
  const other = before?.candidate.family === family ? before.candidate.settings : {};
  const said = Object.entries(settings).flatMap(([key, value]) =>
    other[key] === value || key === "policy.kind" ? [] : [settingText(key, value)],
  );
  const gone = Object.keys(other).filter((key) => !Object.hasOwn(settings, key));
  return [...said, ...gone.map((key) => `${shortKey(key)} as by default`)].join(", ") || "defaults";
}

const shortKey = (key: string): string => key.replace(/^(?:policy|header|heap|toolchain|api)\./, "");
const settingText = (key: string, value: string): string =>
  key === "toolchain.optimize" ? value : `${shortKey(key)} ${value}`;
