/** From a device's recording to a trace. */
import { AllocGenError, diagnose, type Diagnostic } from "../../diagnostics.js";
import { nearestWord } from "../../suggest.js";
import type { Trace } from "../operation.js";
import { importers } from "./registry.js";
import type { Importer, Source } from "./source.js";
import { Tracker, type FaultCounts, type TrackerOptions } from "./tracker.js";

export interface ImportedTrace {
  readonly trace: Trace;
  /** The format's name. */
  readonly format: string;
  /** What could not be, with its place: the first 20, and how many more there are. */
  readonly faults: readonly Diagnostic[];
  /** How many of each kind. */
  readonly faultCounts: FaultCounts;
  /** What is not wrong, and worth knowing. */
  readonly notices: readonly Diagnostic[];
  /** Events that are known to be lost. */
  readonly lost: number;
}

export interface ImportOptions extends TrackerOptions {
  /** Name of the format; undefined: what the first bytes look like. */
  readonly from: string | undefined;
  /** Name of the trace. */
  readonly name: string;
}

/** @throws AllocGenError, exit code 2: the format is not known, or the file holds nothing of it */
export function importTrace(source: Source, options: ImportOptions): ImportedTrace {
  const { file } = options;
  const importer = chooseImporter(source, options);
  const tracker = new Tracker(options);
  for (const event of importer.events(source)) tracker.add(event);
  const { operations, faults, faultCounts, notices, lost } = tracker;
  if (operations.length === 0) {
    const parameters = { format: importer.name, holds: `it holds ${importer.holds}` };
    throw new AllocGenError(2, [diagnose("import-nothing", parameters, { file }), ...notices, ...faults]);
  }
  const header = new Map([
    ["imported", importer.name],
    ...(importer.header?.(source) ?? []),
    ["events", String(operations.length)],
    ...(lost > 0 ? ([["lost_events", String(lost)]] as const) : []),
  ]);
  const trace = { name: options.name, header, operations, ...tracker.notes() };
  return { trace, format: importer.name, faults, faultCounts, notices, lost };
}

function chooseImporter(source: Source, { from, file }: ImportOptions): Importer {
  const names = importers.map(({ name }) => name);
  const allowed = names.join(", ");
  if (from !== undefined) {
    const named = importers.find(({ name }) => name === from);
    if (named !== undefined) return named;
    const parameters = { found: `--from ${from}`, nearest: nearestWord(from, names), allowed };
    throw new AllocGenError(2, [diagnose("invalid-value", parameters)]);
  }
  const scores = importers.map((importer) => ({ importer, score: importer.recognise(source) }));
  const best = scores.reduce((most, next) => (next.score > most.score ? next : most));
  if (best.score > 0) return best.importer;
  throw new AllocGenError(2, [diagnose("import-format", { allowed }, { file })]);
}
