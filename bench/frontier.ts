/** bench/frontier.svg: memory against the slowest malloc, of all allocators. */
import type { AllocatorFigures, FieldResults } from "./field-data.js";
import { betterBuild, isDrawn, robustShare, worstCycles } from "./field-figures.js";

interface Point {
  readonly name: string;
  readonly generated: boolean;
  /** Cycles of the slowest malloc on the Cortex-M4. */
  readonly cycles: number;
  /** Least RAM over that of the best peer. */
  readonly memory: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const size = { width: 860, height: 520 };
const plot: Box = { left: 64, top: 24, right: 836, bottom: 462 };
const fontSize = 12;
/** Of a letter, as wide as any font draws it. */
const letterWidth = 6.6;

export function frontierPicture(results: FieldResults): string {
  const points = results.allocators.flatMap((allocator) => pointOf(results, allocator));
  const cycles = points.map((point) => point.cycles);
  const [low, high] = [Math.min(60, ...cycles), Math.max(1000, ...cycles) * 1.3];
  const memory = points.map((point) => point.memory);
  const [least, most] = [Math.min(0.95, ...memory) - 0.02, Math.max(1.1, ...memory) + 0.03];
  const x = (value: number): number =>
    plot.left + ((plot.right - plot.left) * Math.log(value / low)) / Math.log(high / low);
  const y = (value: number): number =>
    plot.bottom - ((plot.bottom - plot.top) * Math.log(value / least)) / Math.log(most / least);
  const columns = [60, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].filter(
    (value) => value >= low && value <= high,
  );
  const rows = [0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2].filter(
    (value) => value >= least && value <= most,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" font-family="system-ui, sans-serif" font-size="${fontSize}">`,
    "<title>Memory against the slowest malloc, Cortex-M4</title>",
    `<style>${style}</style>`,
    `<rect class="page" width="${size.width}" height="${size.height}"/>`,
    ...columns.flatMap((value) => [
      line("grid", x(value), plot.top, x(value), plot.bottom),
      text("tick", x(value), plot.bottom + 18, value.toLocaleString("en-US"), "middle"),
    ]),
    ...rows.flatMap((value) => [
      line(value === 1 ? "one" : "grid", plot.left, y(value), plot.right, y(value)),
      text("tick", plot.left - 8, y(value) + 4, value.toFixed(2), "end"),
    ]),
    text(
      "tick",
      (plot.left + plot.right) / 2,
      size.height - 16,
      "cycles of the slowest malloc, Cortex-M4 (logarithmic)",
      "middle",
    ),
    `<g transform="rotate(-90 16 ${(plot.top + plot.bottom) / 2})">${text("tick", 16, (plot.top + plot.bottom) / 2, "least RAM over the best peer’s (logarithmic)", "middle")}</g>`,
    ...drawPoints(points.map((point) => ({ point, x: x(point.cycles), y: y(point.memory) }))),
    "</svg>",
  ].join("\n")}\n`;
}

const style = [
  ".page{fill:#fff}.grid{stroke:#e3e3e3}.one{stroke:#999;stroke-dasharray:4 3}.tick{fill:#555}",
  ".own{fill:#0b63c4}.peer{fill:none;stroke:#a33b00;stroke-width:1.6}.ownName{fill:#0b63c4;font-weight:600}.peerName{fill:#7a2d00}",
  "@media (prefers-color-scheme: dark){.page{fill:#0d1117}.grid{stroke:#2a3038}.one{stroke:#8b949e}.tick{fill:#a5adb8}",
  ".own{fill:#58a6ff}.ownName{fill:#79b8ff}.peer{stroke:#ffa657}.peerName{fill:#ffc48a}}",
].join("");

function pointOf(results: FieldResults, allocator: AllocatorFigures): readonly Point[] {
  const memory = robustShare(results, allocator, "edge");
  const build = betterBuild(allocator, "cortex-m4");
  if (memory === undefined || build === undefined) return [];
  const { name, generated } = allocator;
  return [{ name, generated, memory, cycles: worstCycles(build, "malloc", isDrawn) }];
}

interface Placed {
  readonly point: Point;
  readonly x: number;
  readonly y: number;
}

/** Each name beside its point, where it covers no other name and no point. */
function drawPoints(placed: readonly Placed[]): readonly string[] {
  const taken: Box[] = placed.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  return placed.flatMap(({ point, x, y }) => {
    const width = point.name.length * letterWidth;
    const places = [
      { at: x + 9, down: 4, anchor: "start" },
      { at: x - 9, down: 4, anchor: "end" },
      { at: x, down: -9, anchor: "middle" },
      { at: x, down: 18, anchor: "middle" },
      { at: x + 6, down: -11, anchor: "start" },
      { at: x + 6, down: 20, anchor: "start" },
      { at: x - 6, down: -11, anchor: "end" },
      { at: x - 6, down: 20, anchor: "end" },
    ] as const;
    const boxed = places.map((place) => {
      const left =
        place.anchor === "start" ? place.at : place.at - (place.anchor === "end" ? width : width / 2);
      const box = { left, right: left + width, top: y + place.down - 10, bottom: y + place.down + 3 };
      return { place, box };
    });
    const inside = ({ left, right }: Box): boolean => left >= plot.left && right <= plot.right + 20;
    const free =
      boxed.find(({ box }) => inside(box) && !taken.some((other) => overlap(box, other))) ?? boxed[0];
    if (free === undefined) return [];
    taken.push(free.box);
    const kind = point.generated ? "own" : "peer";
    const { place } = free;
    return [
      `<circle class="${kind}" cx="${round(x)}" cy="${round(y)}" r="4.5"/>`,
      text(`${kind}Name`, place.at, y + place.down, point.name, place.anchor),
    ];
  });
}

const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

const round = (value: number): string => value.toFixed(1);

const line = (kind: string, fromX: number, fromY: number, toX: number, toY: number): string =>
  `<line class="${kind}" x1="${round(fromX)}" y1="${round(fromY)}" x2="${round(toX)}" y2="${round(toY)}"/>`;

const text = (
  kind: string,
  x: number,
  y: number,
  words: string,
  anchor: "start" | "middle" | "end",
): string =>
  `<text class="${kind}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`;
