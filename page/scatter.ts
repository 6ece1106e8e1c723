/** Configs by two of their figures; each is a button that tells more. */
import type { ScatterPoint, ScatterView } from "../src/report/page/data.js";
import { choice, count, element, onWidth, svg } from "./elements.js";

const height = 360;
const margin = { left: 72, right: 24, top: 16, bottom: 44 };

export function mountScatter(figure: HTMLElement, view: ScatterView): void {
  const host = element("div", { class: "chart scatter" });
  const told = element("output", { class: "told", "aria-live": "polite" }, "Choose a point for its config.");
  let [across, up] = [view.axes[0]?.key ?? "", view.axes[1]?.key ?? ""];
  let width = 0;
  let chosen: ScatterPoint | undefined;
  const draw = (): void => {
    if (width === 0) return;
    const plot = plotOf(view, { across, up, width, chosen }, (point) => {
      chosen = point;
      told.replaceChildren(
        element("strong", {}, `${point.label} ${point.name}`.trim()),
        ...point.about.map((line) => element("span", {}, line)),
      );
      draw();
      host.querySelector<SVGElement>('[aria-pressed="true"]')?.focus();
    });
    host.replaceChildren(plot);
  };
  const options = view.axes.map(({ key, name }) => ({ value: key, text: name }));
  const first = choice("Across", options, (value) => {
    across = value;
    draw();
  });
  const second = choice("Up", options, (value) => {
    up = value;
    draw();
  });
  second.select.value = up;
  figure.append(element("div", { class: "tools" }, first.label, second.label), host, told);
  onWidth(figure, (known) => {
    width = known;
    draw();
  });
}

interface Plot {
  readonly across: string;
  readonly up: string;
  readonly width: number;
  readonly chosen: ScatterPoint | undefined;
}

function plotOf(view: ScatterView, plot: Plot, choose: (point: ScatterPoint) => void): SVGElement {
  const { across, up, width, chosen } = plot;
  const x = scaleOf(view, across, [margin.left, width - margin.right]);
  const y = scaleOf(view, up, [height - margin.bottom, margin.top]);
  const nameOf = (key: string): string => view.axes.find((each) => each.key === key)?.name ?? "";
  const points = view.points.flatMap((point) => {
    const [right, high] = [point.at[across], point.at[up]];
    if (typeof right !== "number" || typeof high !== "number") return [];
    return [{ point, at: [x.place(right), y.place(high)] as const }];
  });
  const front = points
    .filter(({ point }) => point.group === "front")
    .toSorted((left, right) => left.at[0] - right.at[0])
    .map(({ at }) => at.join(","));
  return svg(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "group",
      "aria-label": `${nameOf(up)} over ${nameOf(across)}`,
    },
    ...x.ticks.map((tick) =>
      svg(
        "g",
        {},
        line(x.place(tick), margin.top, x.place(tick), height - margin.bottom),
        text(count(tick), x.place(tick), height - margin.bottom + 16, "middle"),
      ),
    ),
    ...y.ticks.map((tick) =>
      svg(
        "g",
        {},
        line(margin.left, y.place(tick), width - margin.right, y.place(tick)),
        text(count(tick), margin.left - 6, y.place(tick) + 4, "end"),
      ),
    ),
    text(nameOf(across), (margin.left + width - margin.right) / 2, height - 8, "middle"),
    text(nameOf(up), margin.left, 12, "start"),
    svg("polyline", { points: front.join(" "), class: "steps" }),
    ...points.map(({ point, at }) => dot(point, at, point === chosen, choose)),
  );
}

function dot(
  point: ScatterPoint,
  [x, y]: readonly [number, number],
  isChosen: boolean,
  choose: (point: ScatterPoint) => void,
): SVGElement {
  const name = [`${point.label} ${point.name}`.trim(), ...point.about].join(", ");
  const made = svg(
    "g",
    {
      class: `dot ${point.group}${isChosen ? " chosen" : ""}`,
      tabindex: 0,
      role: "button",
      "aria-pressed": String(isChosen),
      "aria-label": name,
    },
    svg("title", {}, name),
    svg("circle", { cx: x, cy: y, r: isChosen ? 11 : 8 }),
    text(point.label === "" ? point.name : point.label, x + 13, y - 9, "start"),
  );
  made.addEventListener("click", () => choose(point));
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(point);
  });
  return made;
}

const line = (x1: number, y1: number, x2: number, y2: number): SVGElement =>
  svg("line", { x1, y1, x2, y2, class: "grid" });

const text = (words: string, x: number, y: number, anchor: string): SVGElement =>
  svg("text", { x, y, "text-anchor": anchor }, words);

/** Round numbers of an axis, and where a value lies between two ends. */
function scaleOf({ points }: ScatterView, key: string, [first, last]: readonly [number, number]) {
  const values = points.flatMap(({ at }) => at[key] ?? []);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = roundStep(Math.max(most - least, Math.abs(most) * 0.01, 1e-9) / 4);
  const from = Math.max(0, Math.floor((least - step / 4) / step) * step);
  const to = Math.ceil((most + step / 4) / step) * step;
  const length = Math.round((to - from) / step) + 1;
  return {
    ticks: Array.from({ length }, (_, index) => from + index * step),
    place: (value: number): number => first + ((value - from) / (to - from)) * (last - first),
  };
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const ten = 10 ** Math.floor(Math.log10(step));
  return ten * ([1, 2, 5, 10].find((factor) => factor * ten >= step) ?? 10);
}
