/** The figures of a report that should not grow unnoticed. */
import { namesOf } from "../traces/operation.js";
import type { FunctionFigures } from "../verify/verification.js";
import type { Baseline } from "./baseline.js";
import type { HeapReport, WorkloadReport } from "./report.js";

/** The baseline that a run makes. */
export function measureBaseline(report: Omit<HeapReport, "ok">): Baseline {
  const { target, toolchain, engine, cycleModel, config } = report;
  return {
    conditions: {
      target,
      toolchain,
      engine,
      cycleModel,
      config: config.sha256.slice(0, 8),
      workloads: `${config.operations} operations of seed ${config.seed}`,
    },
    figures: new Map([
      ["flash bytes", report.size.flashBytes],
      ["RAM bytes", report.size.ramBytes],
      ...Object.entries(report.size.stackBytes).map(figureOf((name) => `${name} stack bytes`)),
      ...Object.entries(report.bounds).map(([name, { cycles }]) => [`${name} bound cycles`, cycles] as const),
      ...Object.entries(report.interruptLatency ?? {}).flatMap(([name, { cycles }]): readonly Figure[] =>
        cycles === undefined ? [] : [[`${name} interrupt latency cycles`, cycles]],
      ),
      ...distinctNames(report.workloads).flatMap(workloadFigures),
    ]),
  };
}

type Figure = readonly [name: string, value: number];

const figureOf =
  (label: (name: string) => string) =>
  ([name, value]: Figure): Figure => [label(name), value];

/** Sorted by name, so that their order in the config does not move lines. Two traces may have one name. */
function distinctNames(workloads: readonly WorkloadReport[]): readonly WorkloadReport[] {
  const named = workloads.map((workload, index) => {
    const earlier = workloads.slice(0, index).filter(({ name }) => name === workload.name).length;
    return earlier === 0 ? workload : { ...workload, name: `${workload.name} (${earlier + 1})` };
  });
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function workloadFigures(workload: WorkloadReport): readonly Figure[] {
  const { name } = workload;
  const own = namesOf(workload).flatMap((called): readonly Figure[] => {
    const figures = workload[called];
    if (figures === undefined) return [];
    const failed: readonly Figure[] = called === "free" ? [] : [[`${called} failed calls`, figures.failed]];
    return [...failed, ...functionFigures(called, figures)];
  });
  return own.map(figureOf((figure) => `${name}: ${figure}`));
}

function functionFigures(name: string, report: FunctionFigures): readonly Figure[] {
  return (["cycles", "instructions"] as const).flatMap((unit) => {
    const { mean, p99, max } = report[unit];
    return [
      [`${name} mean ${unit}`, roundMean(mean)],
      [`${name} p99 ${unit}`, p99],
      [`${name} worst ${unit}`, max],
    ] as const;
  });
}

/** To hundredths: the digits after them say nothing and would lengthen every line. */
const roundMean = (mean: number): number => Math.round(mean * 100) / 100;
