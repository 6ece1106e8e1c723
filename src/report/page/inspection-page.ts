/** An inspected dump as a page: its memory by address, and its blocks. */
import { hex, type InspectedBlock } from "../../inspect/inspection.js";
import type { Format } from "../format.js";
import { inspectionText, isDamaged, type InspectedDump } from "../inspection-text.js";
import { formatCount } from "../table.js";
import type { DumpState, DumpView } from "./data.js";
import { printPage } from "./document.js";
import {
  bars,
  details,
  facts,
  figure,
  joined,
  paragraph,
  preformatted,
  tableMarkup,
  type Markup,
} from "./markup.js";

export const inspectionPage: Format<InspectedDump> = { print };

/** Blocks that the table has at most: the JSON has all. */
const mostBlocks = 2000;

function print(dump: InspectedDump): string {
  const { plan, inspection, file, address } = dump;
  const { damage, blocks } = inspection;
  const damaged = isDamaged(dump);
  return printPage({
    title: `${plan.name} in ${file}`,
    verdict: {
      ok: !damaged,
      text: damaged
        ? `${dump.underWay?.isSure === true ? "AN OPERATION MAY BE UNDER WAY" : "DAMAGED"}: ${formatCount(damage.length)} faults`
        : `OK: ${formatCount(blocks.length)} blocks, no damage.`,
    },
    introduction: facts([
      ["policy", plan.policy.kind],
      ["heap", `${formatCount(plan.heapBytes)} bytes`],
      ...(address === undefined ? [] : [["address", hex(address)] as const]),
      ["format", dump.format],
    ]),
    sections: [
      { id: "map", title: "Memory", content: figure(0, "Memory by address") },
      { id: "totals", title: "Totals", content: totals(dump) },
      ...(damage.length === 0
        ? []
        : [
            {
              id: "damage",
              title: "Damage",
              content: tableMarkup(
                ["right", "left", "left", "left"],
                ["offset", "what", "found", "expected"],
                damage.map(({ offset, what, found, expected }) => [hex(offset), what, found, expected]),
                "By address",
              ),
            },
          ]),
      { id: "blocks", title: "Blocks", content: blockTable(blocks) },
      {
        id: "text",
        title: "Text",
        content: details("As it is printed", preformatted(inspectionText.print(dump))),
      },
    ],
    views: [dumpView(dump)],
  });
}

function totals({ inspection: { totals: sums, controlBytes } }: InspectedDump): Markup {
  return joined([
    bars("Bytes", "headers included", [
      { label: "control data", value: controlBytes },
      { label: "in use", value: sums.usedBytes, tone: "own", note: `${formatCount(sums.usedBlocks)} blocks` },
      { label: "free", value: sums.freeBytes, note: `${formatCount(sums.freeBlocks)} blocks` },
      { label: "wilderness", value: sums.untouchedBytes },
      { label: "largest free", value: sums.largestFreeBytes },
      ...(sums.lostBytes === 0 ? [] : [{ label: "lost", value: sums.lostBytes, tone: "bad" } as const]),
    ]),
    paragraph(
      `${(100 * sums.fragmentation).toFixed(1)} % of the free bytes lie outside the largest free stretch.`,
    ),
  ]);
}

const stateText = ({ free, waits }: InspectedBlock): string =>
  waits ? "quick list" : free ? "free" : "in use";

function blockTable(blocks: readonly InspectedBlock[]): Markup {
  const shown = blocks.slice(0, mostBlocks);
  const rows = shown.map((block) => [
    hex(block.offset),
    formatCount(block.size),
    stateText(block),
    Object.entries(block.labels ?? {})
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
  ]);
  return joined([
    ...(shown.length < blocks.length
      ? [
          paragraph(
            `The first ${formatCount(shown.length)} of ${formatCount(blocks.length)}; the JSON has all.`,
          ),
        ]
      : []),
    tableMarkup(
      ["right", "right", "left", "left"],
      ["offset", "bytes", "state", ""],
      rows,
      "Blocks by address",
    ),
  ]);
}

function dumpView({ plan, inspection }: InspectedDump): DumpView {
  const { blocks, untouched, lost, controlBytes, damage } = inspection;
  const stretch = (state: DumpState) => (each: { readonly offset: number; readonly size: number }) => ({
    offset: each.offset,
    bytes: each.size,
    state,
    about: "",
  });
  return {
    kind: "dump",
    heapBytes: inspection.heapBytes,
    granuleBytes: plan.granuleBytes,
    stretches: [
      ...(controlBytes === 0 ? [] : [stretch("control")({ offset: 0, size: controlBytes })]),
      ...blocks.map((block) => ({
        ...stretch(block.free ? "free" : "used")(block),
        about: [
          ...(block.waits ? [stateText(block)] : []),
          ...Object.entries(block.labels ?? {}).map(([name, value]) => `${name} ${value}`),
        ].join(", "),
      })),
      ...untouched.map(stretch("untouched")),
      ...lost.map(stretch("lost")),
    ].toSorted((left, right) => left.offset - right.offset),
    damage: damage.map(({ offset, what, found, expected }) => ({
      offset,
      about: `${what}: found ${found}, expected ${expected}`,
    })),
  };
}
