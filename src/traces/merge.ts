/** Several traces as one: programs, or parts of one, that are to share a heap. */
import { BlockNumbers, notesAt, Renumbering, TraceBuilder } from "./build.js";
import type { Trace } from "./operation.js";

export const mergeOrders = ["auto", "time", "round-robin", "concatenate"] as const;
export type MergeOrder = (typeof mergeOrders)[number];

/**
 * Why traces cannot be merged by time: one has no times, or not from its first operation on, or their clocks differ and
 * not all are known. Undefined where they can.
 */
export function noCommonTime(traces: readonly Trace[]): string | undefined {
  const untimed = traces.find(({ notes }) => Number.isNaN(notes?.times?.[0] ?? NaN));
  if (untimed !== undefined) return `${untimed.name} has no times`;
  const clocks = traces.map(clockOf);
  if (new Set(clocks).size === 1 || clocks.every((clock) => clock !== undefined)) return undefined;
  return "the clocks of the traces are not all known (# clock_hz)";
}

/** Ticks a second. */
function clockOf({ header }: Trace): number | undefined {
  const clock = Number(header.get("clock_hz"));
  return clock > 0 ? clock : undefined;
}

/**
 * By time, where two at once are taken in the order of the traces; round-robin, one operation of each in turn; or one
 * after the other, where blocks that a trace leaves stay live. "auto" is by time where `noCommonTime` finds nothing, else
 * round-robin. Ids are new. Times stay only where they are the order, in ticks of the fastest clock.
 */
export function mergeTraces(traces: readonly Trace[], order: MergeOrder): Trace {
  const how = order === "auto" ? (noCommonTime(traces) === undefined ? "time" : "round-robin") : order;
  const pool = new BlockNumbers();
  const clock = Math.max(...traces.map((trace) => clockOf(trace) ?? 0));
  const sources = traces.map((trace) => new MergedTrace(trace, new Renumbering(pool), clock));
  const builder = new TraceBuilder();
  let turn = 0;
  for (;;) {
    const source = nextSource(sources, how, turn);
    if (source === undefined) break;
    source.step(builder, how === "time");
    turn = sources.indexOf(source) + 1;
  }
  for (const source of sources) source.end(builder);
  const header = new Map([
    ["merged", traces.map(({ name }) => name).join(", ")],
    ["order", how],
    ...(how === "time" && clock > 0 ? ([["clock_hz", String(clock)]] as const) : []),
  ]);
  return builder.build("merged", header);
}

function nextSource(
  sources: readonly MergedTrace[],
  how: Exclude<MergeOrder, "auto">,
  turn: number,
): MergedTrace | undefined {
  const open = sources.filter((source) => !source.isAtEnd);
  switch (how) {
    case "concatenate":
      return open[0];
    case "round-robin":
      return open.find((source) => sources.indexOf(source) >= turn) ?? open[0];
    case "time":
      return open.reduce<MergedTrace | undefined>(
        (first, next) => (first === undefined || next.time < first.time ? next : first),
        undefined,
      );
  }
}

class MergedTrace {
  readonly #at: ReturnType<typeof notesAt>;
  readonly #scale: number;
  #index = 0;

  constructor(
    private readonly trace: Trace,
    private readonly ids: Renumbering,
    clock: number,
  ) {
    this.#at = notesAt(trace);
    this.#scale = clock > 0 ? clock / (clockOf(trace) ?? clock) : 1;
  }

  get isAtEnd(): boolean {
    return this.#index >= this.trace.operations.length;
  }

  /** Of the next operation. */
  get time(): number {
    return Math.floor((this.trace.notes?.times?.[this.#index] ?? NaN) * this.#scale);
  }

  step(builder: TraceBuilder, withTime: boolean): void {
    const operation = this.trace.operations[this.#index];
    if (operation === undefined) return;
    const { tag, failed } = this.#at(this.#index);
    for (const request of failed) builder.fail(request);
    builder.add(this.ids.of(operation), { tag, ...(withTime ? { time: this.time } : {}) });
    this.#index++;
  }

  /** Requests that failed behind the last operation. */
  end(builder: TraceBuilder): void {
    for (const request of this.#at(this.trace.operations.length).failed) builder.fail(request);
  }
}
