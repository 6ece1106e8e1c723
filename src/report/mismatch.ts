/** What is told of a difference between the C and the reference, in every format. */
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
  const count = `${minimal.length} operation${minimal.length === 1 ? "" : "s"}`;
  return [
    { kind: "heading", text: `The shortest sequence found that differs (${count}):` },
    ...minimal.map((line) => ({ kind: "verbatim" as const, text: `  ${line}` })),
    { kind: "sentence", text: `At its end: ${minimalMessage}` },
    { kind: "heading", text: "The reference's heap:" },
    { kind: "verbatim", text: referenceDrawing },
    { kind: "heading", text: "The emulated heap:" },
    { kind: "verbatim", text: emulatedDrawing },
  ];
}
