/** Memory by kind over time, stacked, with the largest free stretch as a line. */
import uPlot from "uplot";
import { count } from "./elements.js";
import { colourText } from "./theme.js";
import type { Workload } from "./workload.js";

/** From the bottom. */
const stacked = ["payload", "padding", "headers", "free"] as const;

/** Beside a chart, in pixels; the map has as much. */
export const axisWidth = 68;

export const axis = (over: Partial<uPlot.Axis> = {}): uPlot.Axis => ({
  stroke: () => colourText("text"),
  grid: { stroke: () => colourText("grid"), width: 1 },
  ticks: { stroke: () => colourText("grid"), width: 1 },
  font: "12px system-ui, sans-serif",
  ...over,
});

export class MemoryChart {
  #chart: uPlot | undefined;
  #workload: Workload | undefined;

  constructor(private readonly host: HTMLElement) {}

  show(workload: Workload, width: number): void {
    this.#workload = workload;
    this.#chart?.destroy();
    this.#chart = new uPlot(optionsOf(workload, width), dataOf(workload), this.host);
  }

  resize(width: number): void {
    this.#chart?.setSize({ width, height: heightOf(width) });
  }

  redraw(): void {
    this.#chart?.redraw(false);
  }

  window(left: number, right: number): void {
    this.#chart?.setScale("x", { min: left, max: right });
  }

  /** The legend tells of that operation. */
  cursor(operation: number): void {
    if (this.#chart === undefined || this.#workload === undefined) return;
    this.#chart.setCursor({ left: this.#chart.valToPos(operation, "x"), top: 1 }, false);
  }
}

const heightOf = (width: number): number => (width < 600 ? 180 : 220);

/** Stacked from the top down, so that each covers those above it; the line last. */
function dataOf({ memory }: Workload): uPlot.AlignedData {
  const sums = stacked.map((_, top) =>
    Float64Array.from(memory.at, (_at, index) =>
      stacked.slice(0, top + 1).reduce((sum, kind) => sum + (memory[kind][index] ?? 0), 0),
    ),
  );
  return [memory.at, ...sums.toReversed(), memory.largestFree];
}

function optionsOf({ memory }: Workload, width: number): uPlot.Options {
  const areas = stacked.toReversed().map((kind): uPlot.Series => ({
    label: kind,
    fill: () => colourText(kind),
    stroke: () => colourText(kind),
    width: 0,
    points: { show: false },
    value: (_chart, _sum, _series, index) => (index === null ? "" : count(memory[kind][index] ?? 0)),
  }));
  const line: uPlot.Series = {
    label: "largest free",
    stroke: () => colourText("largest"),
    width: 2,
    points: { show: false },
    value: (_chart, value: number | null) => (value === null ? "" : count(value)),
  };
  return {
    width,
    height: heightOf(width),
    scales: { x: { time: false }, y: { range: (_chart, _least, most) => [0, Math.max(1, most)] } },
    axes: [axis(), axis({ size: axisWidth, values: (_chart, ticks) => ticks.map(count) })],
    series: [
      { label: "operations", value: (_chart, value: number | null) => (value === null ? "" : count(value)) },
      ...areas,
      line,
    ],
    padding: [8, 0, 0, 0],
    cursor: { drag: { x: false, y: false }, points: { show: false } },
  };
}
