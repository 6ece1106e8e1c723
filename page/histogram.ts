/** How many calls of a function took how many cycles, with the bound. */
import uPlot from "uplot";
import type { HistogramView } from "../src/report/page/data.js";
import { count, element, onWidth } from "./elements.js";
import { axis, axisWidth } from "./memory-chart.js";
import { colourText, onColours } from "./theme.js";

export function mountHistogram(figure: HTMLElement, view: HistogramView): void {
  const host = element("div", { class: "chart" });
  const told = element("p", { class: "told" }, sentence(view));
  figure.append(host, told);
  let chart: uPlot | undefined;
  onWidth(figure, (width) => {
    if (chart === undefined) chart = new uPlot(optionsOf(view, width), dataOf(view), host);
    else chart.setSize({ width, height });
  });
  onColours(() => chart?.redraw(false));
}

const height = 200;

function sentence({ bins, bound, name }: HistogramView): string {
  const calls = bins.reduce((sum, [, each]) => sum + each, 0);
  const [least] = bins[0] ?? [0];
  const [most] = bins.at(-1) ?? [0];
  const proven = bound === null ? "no bound is proven" : `the bound is ${count(bound)}`;
  return `${count(calls)} calls of ${name} took ${count(least)} to ${count(most)} cycles; ${proven}.`;
}

/** Every number of cycles from the least to the most, or as many wide bars as can be seen. */
function dataOf({ bins }: HistogramView): uPlot.AlignedData {
  const least = bins[0]?.[0] ?? 0;
  const most = bins.at(-1)?.[0] ?? 0;
  const wide = Math.max(1, Math.ceil((most - least + 1) / 400));
  const sums = new Map<number, number>();
  for (const [cycles, calls] of bins) {
    const at = least + Math.floor((cycles - least) / wide) * wide;
    sums.set(at, (sums.get(at) ?? 0) + calls);
  }
  const length = Math.floor((most - least) / wide) + 1;
  const at = Array.from({ length }, (_, index) => least + index * wide);
  return [at, at.map((cycles) => sums.get(cycles) ?? null)];
}

function optionsOf({ bins, bound }: HistogramView, width: number): uPlot.Options {
  const least = bins[0]?.[0] ?? 0;
  const most = Math.max(bins.at(-1)?.[0] ?? 0, bound ?? 0);
  const margin = Math.max(1, (most - least) * 0.04);
  const barPaths = uPlot.paths.bars?.({ size: [0.8, 12] });
  return {
    width,
    height,
    scales: {
      x: { time: false, range: () => [least - margin, most + margin] },
      // Logarithmic; the enumeration is of types alone, and not there at run time.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
      y: { distr: 3, range: (_chart, _least, highest) => [0.5, Math.max(2, highest * 2)] },
    },
    axes: [
      axis(),
      axis({
        size: axisWidth,
        filter: tens,
        grid: { stroke: () => colourText("grid"), width: 1, filter: tens },
        ticks: { stroke: () => colourText("grid"), width: 1, filter: tens },
        values: (_chart, ticks: readonly (number | null)[]) =>
          ticks.map((tick) => (tick === null ? "" : count(tick))),
      }),
    ],
    series: [
      { label: "cycles", value: (_chart, value: number | null) => (value === null ? "" : count(value)) },
      {
        label: "calls",
        fill: () => colourText("accent"),
        stroke: () => colourText("accent"),
        points: { show: false },
        ...(barPaths === undefined ? {} : { paths: barPaths }),
        value: (_chart, value: number | null) => (value === null ? "" : count(value)),
      },
    ],
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    hooks: { draw: [(chart) => drawBound(chart, bound)] },
  };
}

const tens: uPlot.Axis.Filter = (_chart, ticks) => ticks.map((tick) => (isTen(tick) ? tick : null));

const isTen = (tick: number): boolean => tick >= 1 && Number.isInteger(Math.log10(tick));

function drawBound(chart: uPlot, bound: number | null): void {
  if (bound === null) return;
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(bound, "x", true));
  ctx.save();
  ctx.fillStyle = colourText("bad");
  ctx.fillRect(x, bbox.top, 2 * devicePixelRatio, bbox.height);
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  ctx.fillText(`bound ${count(bound)}`, x - 4 * devicePixelRatio, bbox.top + 2);
  ctx.restore();
}
