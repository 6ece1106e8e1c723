/** The heap map: one character for so many bytes. */
import type picocolors from "picocolors";
import type { Inspection } from "../inspect/inspection.js";
import { formatCount } from "./table.js";

type Colors = ReturnType<typeof picocolors.createColors>;

const columns = 64;
const mostRows = 16;

const kinds = {
  control: { character: "=", meaning: "control data" },
  used: { character: "#", meaning: "in use" },
  free: { character: ".", meaning: "free" },
  mixed: { character: "+", meaning: "in use and free" },
  untouched: { character: "-", meaning: "wilderness" },
  lost: { character: "?", meaning: "lost" },
  damage: { character: "!", meaning: "damaged" },
} as const;
type Kind = keyof typeof kinds;

/** Lines of the map with its legend. */
export function heapMap(inspection: Inspection, granuleBytes: number, colors: Colors): readonly string[] {
  const bytes = bytesPerCharacter(inspection.heapBytes, granuleBytes);
  const cells = classify(inspection, bytes);
  const width = inspection.heapBytes.toString(16).length;
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => {
    const offset = (row * columns * bytes).toString(16).padStart(width, "0");
    return `0x${offset}  ${painted(cells.slice(row * columns, (row + 1) * columns), colors)}`;
  });
  const met = Object.entries(kinds).filter(([kind]) => cells.includes(kind as Kind));
  const legend = met.map(
    ([kind, { character, meaning }]) => `${paint(kind as Kind, character, colors)} ${meaning}`,
  );
  return [...rows, "", `${legend.join("   ")}   (a character: ${formatCount(bytes)} B)`];
}

/** A power of two, at least a granule, that keeps the map within its rows. */
function bytesPerCharacter(heapBytes: number, granuleBytes: number): number {
  let bytes = granuleBytes;
  while (heapBytes > bytes * columns * mostRows) bytes *= 2;
  return bytes;
}

function classify(inspection: Inspection, bytes: number): readonly Kind[] {
  const cells = Array.from<Kind>({ length: Math.ceil(inspection.heapBytes / bytes) }).fill("control");
  const fill = (kind: Kind, from: number, to: number): void => {
    for (let cell = Math.floor(from / bytes); cell * bytes < to; cell++) {
      const before = cells[cell];
      const mixes = (before === "used" && kind === "free") || (before === "free" && kind === "used");
      cells[cell] = mixes || before === "mixed" ? "mixed" : kind;
    }
  };
  for (const { offset, size } of inspection.untouched) fill("untouched", offset, offset + size);
  for (const { offset, size, free } of inspection.blocks) fill(free ? "free" : "used", offset, offset + size);
  for (const { offset, size } of inspection.lost) fill("lost", offset, offset + size);
  for (const { offset } of inspection.damage) cells[Math.floor(offset / bytes)] = "damage";
  return cells;
}

/** A row, each run of equal characters painted at once. */
const painted = (cells: readonly Kind[], colors: Colors): string =>
  cells
    .map((kind) => kinds[kind].character)
    .join("")
    .replace(/(.)\1*/gs, (run, character: string) => {
      const found = Object.entries(kinds).find(([, kind]) => kind.character === character);
      return paint((found?.[0] ?? "used") as Kind, run, colors);
    });

function paint(kind: Kind, text: string, colors: Colors): string {
  switch (kind) {
    case "control":
      return colors.cyan(text);
    case "used":
      return text;
    case "free":
      return colors.green(text);
    case "mixed":
      return colors.yellow(text);
    case "untouched":
      return colors.dim(text);
    case "lost":
    case "damage":
      return colors.red(text);
  }
}
