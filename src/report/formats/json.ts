/** The report for programs: one indented object. */
import type { Format } from "../format.js";
import type { HeapReport, Report } from "../report.js";

/** For reports whose JSON has all they hold. */
export const plainJson: Format<unknown> = { print: indented };

export const json: Format<Report> = { print: (report) => indented(reportJson(report)) };

function indented(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Of one heap. What is drawn for people is left out, and so are times: two runs of one config print the same. */
export type HeapJson = Omit<HeapReport, "memoryMap" | "seconds">;

/** Of a config of several heaps; what outputs proved by themselves stands in it by their keys. */
export interface SeveralJson {
  readonly version: 1;
  readonly ok: boolean;
  /** In the order of the config. */
  readonly heaps: readonly HeapJson[];
}

function reportJson({ ok, heaps, outputProofs }: Report): HeapJson | SeveralJson {
  const [only, ...more] = heaps;
  if (only !== undefined && more.length === 0 && outputProofs.length === 0) return heapJson(only);
  const proofs = Object.fromEntries(outputProofs.map(({ key, report }) => [key, report]));
  return { version: 1, ok, heaps: heaps.map(heapJson), ...proofs };
}

function heapJson({ memoryMap: _drawing, seconds: _times, ...data }: HeapReport): HeapJson {
  return data;
}
