/** The memory of a dump by address, row by row. */
import type { DumpState, DumpView } from "../src/report/page/data.js";
import { count, element, hex, onWidth } from "./elements.js";
import { colourText, onColours } from "./theme.js";

const states: Readonly<Record<DumpState, string>> = {
  control: "control data",
  used: "in use",
  free: "free",
  untouched: "wilderness",
  lost: "lost",
};

/** Pixels of a row, and between two. */
const row = { height: 18, gap: 4, most: 24 };

export function mountDump(figure: HTMLElement, view: DumpView): void {
  const canvas = element("canvas", {
    class: "map",
    tabindex: "0",
    role: "application",
    "aria-label": "Memory by address. Arrow keys go from block to block.",
  });
  const told = element(
    "output",
    { class: "told", "aria-live": "polite" },
    "Point at a block, or focus the map and use the arrow keys.",
  );
  const rowBytes = bytesOfRow(view);
  const rows = Math.ceil(view.heapBytes / rowBytes);
  let cursor: number | undefined;
  const paint = (): void => {
    const context = canvas.getContext("2d");
    if (context === null || canvas.width < 2) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (const [index, { offset, bytes, state }] of view.stretches.entries()) {
      context.fillStyle = colourText(state === "lost" ? "bad" : state);
      boxes(offset, bytes, rowBytes, canvas.width, (x, y, width) => {
        context.fillRect(x, y, Math.max(1, width - (width > 3 ? 1 : 0)), row.height);
      });
      if (index !== cursor) continue;
      context.strokeStyle = colourText("cursor");
      context.lineWidth = 2;
      boxes(offset, bytes, rowBytes, canvas.width, (x, y, width) => {
        context.strokeRect(x + 1, y + 1, Math.max(2, width - 2), row.height - 2);
      });
    }
    context.fillStyle = colourText("bad");
    for (const { offset } of view.damage)
      boxes(offset, 1, rowBytes, canvas.width, (x, y) => context.fillRect(x - 1, y - 2, 4, row.height + 4));
  };
  const tell = (index: number): void => {
    const stretch = view.stretches[index];
    if (stretch === undefined) return;
    cursor = index;
    const { offset, bytes, state, about } = stretch;
    const damage = view.damage.filter((each) => each.offset >= offset && each.offset < offset + bytes);
    const words = [
      `${hex(offset)}: ${count(bytes)} bytes, ${states[state]}`,
      about,
      ...damage.map((each) => each.about),
    ];
    told.textContent = `${words.filter((word) => word !== "").join("; ")}.`;
    paint();
  };
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const line = Math.floor((event.clientY - box.top) / (row.height + row.gap));
    const at = line * rowBytes + ((event.clientX - box.left) / box.width) * rowBytes;
    const index = view.stretches.findIndex(({ offset, bytes }) => offset <= at && at < offset + bytes);
    if (index >= 0 && index !== cursor) tell(index);
  });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = cursor === undefined ? 0 : cursor + step;
    tell(Math.max(0, Math.min(view.stretches.length - 1, next)));
  });
  const shown = Object.entries(states).filter(([state]) =>
    view.stretches.some((each) => each.state === state),
  );
  const legend = element(
    "p",
    { class: "legend" },
    ...shown.map(([state, text]) => element("span", {}, element("span", { class: `swatch ${state}` }), text)),
    ...(view.damage.length > 0
      ? [element("span", {}, element("span", { class: "swatch failed" }), "damage")]
      : []),
    `${count(rowBytes)} bytes a row`,
  );
  figure.append(canvas, told, legend);
  onWidth(figure, (width) => {
    canvas.width = width;
    canvas.height = rows * (row.height + row.gap);
    paint();
  });
  onColours(paint);
}

/** A power of two. */
function bytesOfRow({ heapBytes, granuleBytes }: DumpView): number {
  let bytes = Math.max(64, granuleBytes);
  while (bytes * row.most < heapBytes) bytes *= 2;
  return bytes;
}

/** The parts of a stretch, row by row. */
function boxes(
  offset: number,
  bytes: number,
  rowBytes: number,
  width: number,
  draw: (x: number, y: number, width: number) => void,
): void {
  for (let at = offset; at < offset + bytes;) {
    const line = Math.floor(at / rowBytes);
    const end = Math.min(offset + bytes, (line + 1) * rowBytes);
    draw(
      ((at % rowBytes) / rowBytes) * width,
      line * (row.height + row.gap),
      ((end - at) / rowBytes) * width,
    );
    at = end;
  }
}
