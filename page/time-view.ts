/** The heap in time, and below it what the memory is used for. */
import type { TimeView } from "../src/report/page/data.js";
import { colourings, type Coloring } from "./block-colours.js";
import { button, choice, element, onWidth } from "./elements.js";
import { HeapMap } from "./heap-map.js";
import { axisWidth, MemoryChart } from "./memory-chart.js";
import { onColours } from "./theme.js";
import { unpackedWorkload, type Workload } from "./workload.js";

export async function mountTime(figure: HTMLElement, view: TimeView): Promise<void> {
  let coloring: Coloring = "size";
  let workload: Workload | undefined;
  let width = 0;
  const chartHost = element("div", { class: "chart" });
  const chart = new MemoryChart(chartHost);
  const map = new HeapMap({
    heapBytes: view.heapBytes,
    firstBlock: view.firstBlock,
    onWindow: ({ left, right }) => chart.window(left, right),
    onCursor: (operation) => chart.cursor(operation),
  });
  const legend = element("p", { class: "legend" });
  const legends = (): void => {
    legend.replaceChildren(
      ...map.legend.swatches.map(({ colour: [red, green, blue], text }) => {
        const swatch = element("span", { class: "swatch" });
        swatch.style.background = `rgb(${red} ${green} ${blue})`;
        return element("span", {}, swatch, text);
      }),
      element("span", {}, element("span", { class: "swatch free" }), "free, header or padding"),
      element("span", {}, element("span", { class: "swatch control" }), "control data"),
      element("span", {}, element("span", { class: "swatch failed" }), "request that failed"),
    );
  };
  const show = async (index: number): Promise<void> => {
    const packed = view.workloads[index];
    if (packed === undefined) return;
    workload = await unpackedWorkload(packed);
    if (width > 0) chart.show(workload, width);
    map.show(workload, coloring);
    legends();
  };
  const workloads = choice(
    "Workload",
    view.workloads.map(({ name }, index) => ({ value: String(index), text: name })),
    (value) => void show(Number(value)),
  );
  const hasTags = view.workloads.some(({ blocks }) => blocks.tag !== undefined);
  const offered = colourings.filter(({ value }) => value !== "tag" || hasTags);
  const colours = choice("Colour by", offered, (value) => {
    coloring = colourings.find((each) => each.value === value)?.value ?? "size";
    if (workload !== undefined) map.show(workload, coloring);
    legends();
  });
  figure.append(
    element(
      "div",
      { class: "tools" },
      workloads.label,
      colours.label,
      button("+", "Zoom in, in time", () => map.zoom(0.5, "time")),
      button("−", "Zoom out, in time", () => map.zoom(2, "time")),
      button("↕+", "Zoom in, in addresses", () => map.zoom(0.5, "addresses")),
      button("↕−", "Zoom out, in addresses", () => map.zoom(2, "addresses")),
      button("All", "Show all", () => map.all()),
    ),
    element("div", { class: "beside" }, map.addresses, map.canvas, map.operations),
    map.told,
    legend,
    chartHost,
  );
  map.told.textContent = "Point at the map, or focus it and use the arrow keys; + and − zoom, 0 shows all.";
  onWidth(figure, (known) => {
    const isFirst = width === 0;
    width = known;
    map.resize(known - axisWidth);
    if (isFirst && workload !== undefined) chart.show(workload, known);
    else chart.resize(known);
  });
  onColours(() => {
    map.redraw(coloring);
    chart.redraw();
    legends();
  });
  await show(0);
}
