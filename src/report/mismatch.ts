/** What is told of a difference between the C and the reference, in every format. */
import { minimalLines } from "./minimal-lines.js";
import type { WorkloadReport } from "./report.js";

type Mismatch = NonNullable<WorkloadReport["mismatch"]>;

export interface MismatchLine {
  /** A drawing, or a call, is printed as it stands. */
  readonly kind: "heading" | "sentence" | "verbatim";
  readonly text: string;
}

/** One sentence without a full stop. @param name the workload's */
export const mismatchTitle = (name: string, { operation, message }: Mismatch): string =>
  `${name}, operation ${operation}: ${message}`;

/** The shortest sequence and both heaps after it. */
export function mismatchLines({
  minimal,
  minimalMessage,
  referenceDrawing,
  emulatedDrawing,
}: Mismatch): readonly MismatchLine[] {
  const { title, lines } = minimalLines({ minimal });
  return [
    { kind: "heading", text: title },
    ...lines.map((text) => ({ kind: "verbatim" as const, text })),
    { kind: "sentence", text: `At its end: ${minimalMessage}` },
    { kind: "heading", text: "The reference's heap:" },
    { kind: "verbatim", text: referenceDrawing },
    { kind: "heading", text: "The emulated heap:" },
    { kind: "verbatim", text: emulatedDrawing },
  ];
}
