/** A difference between the C and the reference, told to people. */
import type picocolors from "picocolors";
import type { WorkloadReport } from "./report.js";
import { wrap } from "./table.js";

/** The sentence, the minimal sequence and both heaps after it; nothing when the workload has no mismatch. */
export function mismatchSection(
  workload: WorkloadReport,
  colors: ReturnType<typeof picocolors.createColors>,
  width: number,
): readonly string[] {
  const { mismatch } = workload;
  if (mismatch === undefined) return [];
  const count = mismatch.minimal.length;
  return [
    ...wrap(`${workload.name}, operation ${mismatch.operation}: ${mismatch.message}`, width).map(colors.red),
    colors.bold(`The shortest sequence found that differs (${count} operation${count === 1 ? "" : "s"}):`),
    ...mismatch.minimal.map((line) => `  ${line}`),
    ...wrap(`At its end: ${mismatch.minimalMessage}`, width),
    colors.bold("The reference's heap:"),
    mismatch.referenceDrawing,
    colors.bold("The emulated heap:"),
    mismatch.emulatedDrawing,
  ];
}
