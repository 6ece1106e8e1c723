/**
 * A heap drawn in the notation of the project's first design: blocks in address order, `free_space` for the untouched
 * space, and below it the table of `free_head` and slots, each slot with a line to the block it names.
 */
import type { Snapshot } from "./snapshot.js";

/** "long" names head, memory and padding of each block, "short" draws a block as one `h-m-p`. */
export type PictureForm = "long" | "short";

/** Characters on a grid that grows as needed. */
class Canvas {
  private readonly rows: string[][] = [];

  put(row: number, column: number, text: string): void {
    while (this.rows.length <= row) this.rows.push([]);
    const cells = this.rows[row] ?? [];
    while (cells.length < column) cells.push(" ");
    for (const [index, character] of Array.from(text).entries()) cells[column + index] = character;
  }

  toString(): string {
    return this.rows.map((cells) => cells.join("").trimEnd()).join("\n");
  }
}

/** @param labels what to call the blocks in use, by where they start. */
export function drawPicture(
  snapshot: Snapshot,
  labels: ReadonlyMap<number, string>,
  form: PictureForm,
): string {
  const { line, columns } = drawRegions(snapshot, labels, form);
  const canvas = new Canvas();
  canvas.put(0, 0, line);

  const table = columns.get(snapshot.wildernessStart) ?? 0;
  const headBox = "| free_head |";
  const slotBox = " free_slot |";
  const targets = snapshot.freeList.map((start) => columns.get(start) ?? 0);
  for (const column of [...targets, table]) canvas.put(1, column, "^");
  for (const column of targets) canvas.put(2, column, "|");
  canvas.put(2, table, headBox + slotBox.repeat(targets.length));

  const middleOf = (slot: number) =>
    table + headBox.length + slot * slotBox.length + Math.floor(slotBox.length / 2) - 1;
  for (const slot of targets.keys()) {
    const row = 3 + 2 * slot;
    for (let later = slot; later < targets.length; later++) {
      for (const at of [row, row + 1]) {
        canvas.put(at, targets[later] ?? 0, "|");
        canvas.put(at, middleOf(later), "|");
      }
    }
    const from = targets[slot] ?? 0;
    canvas.put(row + 1, from, ` ${"-".repeat(middleOf(slot) - from - 1)} `);
    for (let later = slot + 1; later < targets.length; later++) canvas.put(row + 1, middleOf(later), "|");
  }
  return canvas.toString();
}

function drawRegions(
  snapshot: Snapshot,
  labels: ReadonlyMap<number, string>,
  form: PictureForm,
): { readonly line: string; readonly columns: ReadonlyMap<number, number> } {
  const columns = new Map<number, number>();
  let line = "";
  const region = (start: number, text: string, ownBars: boolean) => {
    if (line === "" || ownBars) {
      columns.set(start, line.length);
      line += `| ${text} |`;
    } else {
      columns.set(start, line.length - 1);
      line += ` ${text} |`;
    }
  };
  for (const block of snapshot.blocks) {
    const label = labels.get(block.start) ?? "?";
    const name = form === "long" ? `head${label} | memory${label} | padding` : `h-m-p${label}`;
    region(block.start, block.free ? "free" : name, form === "long");
  }
  region(snapshot.wildernessStart, "free_space", form === "long");
  return { line, columns };
}
