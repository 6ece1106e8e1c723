/** What stands in a dump, for people and for programs. */
import {
  hex,
  type Damage,
  type InspectedBlock,
  type InspectedList,
  type Inspection,
  type OperationUnderWay,
} from "../inspect/inspection.js";
import type { Plan } from "../plan/plan.js";
import type { Format } from "./format.js";
import { plainJson } from "./formats/json.js";
import { heapMap } from "./heap-map.js";
import { fitTable } from "./fit-table.js";
import { joinSections, terminalOf, type Terminal } from "./formats/text-parts.js";
import { formatCount, wrap, type Column } from "./table.js";

/** A dump that was inspected, and where it came from. */
export interface InspectedDump {
  /** As messages name it. */
  readonly file: string;
  /** Format of the file. */
  readonly format: string;
  /** Where the heap begins in the file; undefined where the file is not memory byte by byte. */
  readonly fileOffset: number | undefined;
  /** Address of the heap on the target, where it is known. */
  readonly address: number | undefined;
  readonly plan: Plan;
  readonly inspection: Inspection;
  /** What leaves all the damage there is, where an operation may have. */
  readonly underWay?: OperationUnderWay;
}

const blocksText = (count: number): string => `${formatCount(count)} block${count === 1 ? "" : "s"}`;

export const isDamaged = ({ inspection }: InspectedDump): boolean => inspection.damage.length > 0;

/** One object; its keys change only with the version. */
export const inspectionJson: Format<InspectedDump> = { print: (dump) => plainJson.print(dataOf(dump)) };

function dataOf(dump: InspectedDump): object {
  const { plan, inspection, file, format, fileOffset, address, underWay } = dump;
  const { blocks, lost, lists, quickLists, tags, totals, damage, untouched } = inspection;
  return {
    version: 1,
    ok: !isDamaged(dump),
    heap: {
      name: plan.name,
      policy: plan.policy.kind,
      file,
      format,
      ...(fileOffset === undefined ? {} : { fileOffset }),
      ...(address === undefined ? {} : { address }),
      heapBytes: plan.heapBytes,
      firstBlock: plan.firstBlock,
    },
    totals,
    blocks: blocks.map(({ labels, ...block }) => ({ ...block, ...labels })),
    lists,
    ...(quickLists === undefined ? {} : { quickLists }),
    tags,
    lost,
    untouched,
    damage: damage.map(({ kind, offset, what, found, expected }) => ({
      kind,
      offset,
      what,
      found,
      expected,
    })),
    ...(underWay === undefined ? {} : { underWay }),
  };
}

export const inspectionText: Format<InspectedDump> = {
  print: (dump, width) => print(dump, terminalOf(false, width)),
  printColored: (dump, width) => print(dump, terminalOf(true, width)),
};

function print(dump: InspectedDump, terminal: Terminal): string {
  const { plan, inspection } = dump;
  const sections: readonly (readonly string[])[] = [
    [title(dump, terminal)],
    heapMap(inspection, plan.granuleBytes, terminal),
    blockSection(dump, terminal),
    listSection("Free lists", inspection.lists, terminal),
    listSection("Quick lists", inspection.quickLists ?? [], terminal),
    tagSection(inspection, terminal),
    totalSection(inspection, terminal),
    damageSection(inspection, terminal),
    verdict(dump, terminal),
  ];
  return joinSections(sections);
}

function title({ file, fileOffset, address, plan }: InspectedDump, terminal: Terminal): string {
  const place = [
    ...(fileOffset === undefined || fileOffset === 0
      ? []
      : [`from byte ${formatCount(fileOffset)} of the file`]),
    ...(address === undefined ? [] : [`at ${hex(address)} on the target`]),
  ];
  const facts = [plan.policy.kind, `${formatCount(plan.heapBytes)} B`, ...place];
  return `${terminal.bold(plan.name)} in ${file}: ${facts.join(", ")}`;
}

/** Columns that no block has a value for are left out. */
function blockSection({ inspection, address }: InspectedDump, terminal: Terminal): readonly string[] {
  const { blocks } = inspection;
  if (blocks.length === 0) return [];
  const count = (value: number | undefined): string => (value === undefined ? "" : String(value));
  const place = (value: number | undefined): string => (value === undefined ? "" : hex(value));
  const listed = blocks.some(({ list }) => list !== undefined);
  const all: readonly {
    readonly name: string;
    readonly align: Column["align"];
    readonly shown: boolean;
    readonly cell: (block: InspectedBlock) => string;
  }[] = [
    { name: "offset", align: "right", shown: true, cell: ({ offset }) => hex(offset) },
    {
      name: "pointer",
      align: "right",
      shown: address !== undefined,
      cell: ({ payload }) => hex((address ?? 0) + payload),
    },
    { name: "size", align: "right", shown: true, cell: ({ size }) => String(size) },
    {
      name: "state",
      align: "left",
      shown: true,
      cell: ({ free, waits }) => (waits ? "quick list" : free ? "free" : "in use"),
    },
    ...labelNames(blocks).map((name) => ({
      name,
      align: "right" as const,
      shown: true,
      cell: ({ labels }: InspectedBlock) => count(labels?.[name]),
    })),
    { name: "list", align: "right", shown: listed, cell: ({ list }) => count(list) },
    { name: "next", align: "right", shown: listed, cell: ({ next }) => place(next) },
    { name: "previous", align: "right", shown: listed, cell: ({ previous }) => place(previous) },
  ];
  const shown = all.filter((column) => column.shown);
  const rows = blocks.map((block) => shown.map(({ cell }) => cell(block)));
  const lines = fitTable(
    { aligns: shown.map(({ align }) => align) },
    [shown.map(({ name }) => name), ...rows],
    terminal.columns,
  );
  return [terminal.bold(`Blocks (${formatCount(blocks.length)})`), ...lines];
}

/** What headers keep with blocks in use: with all of them the same. */
const labelNames = (blocks: readonly InspectedBlock[]): readonly string[] =>
  Object.keys(blocks.find(({ labels }) => labels !== undefined)?.labels ?? {});

function listSection(title: string, lists: readonly InspectedList[], terminal: Terminal): readonly string[] {
  if (lists.length === 0) return [];
  const classes = lists.some(({ from }) => from !== undefined);
  const rows = lists.map(({ list, from, blocks, bytes, whole }) => [
    String(list),
    ...(classes ? [from === undefined ? "" : `from ${from} B`] : []),
    blocksText(blocks),
    `${formatCount(bytes)} B`,
    whole ? "" : "broken off",
  ]);
  const aligns: Column["align"][] = [
    "right",
    ...(classes ? (["right"] as const) : []),
    "right",
    "right",
    "left",
  ];
  return [terminal.bold(title), ...fitTable({ aligns }, rows, terminal.width)];
}

function tagSection({ tags }: Inspection, terminal: Terminal): readonly string[] {
  if (tags.length === 0) return [];
  const rows = tags.map(({ tag, blocks, bytes, offsets }) => [
    String(tag),
    blocksText(blocks),
    `${formatCount(bytes)} B`,
    offsetsText(offsets),
  ]);
  return [
    terminal.bold("In use by tag, largest first"),
    ...fitTable({ aligns: ["right", "right", "right", "left"] }, rows, terminal.width),
  ];
}

/** Blocks of a tag that the text names one by one. */
const mostNamed = 4;

function offsetsText(offsets: readonly number[]): string {
  const more = offsets.length - mostNamed;
  return offsets.slice(0, mostNamed).map(hex).join(", ") + (more > 0 ? ` and ${formatCount(more)} more` : "");
}

function totalSection({ totals }: Inspection, terminal: Terminal): readonly string[] {
  const { usedBlocks, usedBytes, requestedBytes, freeBlocks, freeBytes, untouchedBytes } = totals;
  const share = `${(100 * totals.fragmentation).toFixed(1)} % of the free bytes are outside it`;
  const rows = [
    [
      "in use",
      `${formatCount(usedBytes)} B`,
      `${blocksText(usedBlocks)}${requestedBytes === undefined ? "" : `, ${formatCount(requestedBytes)} B of them requested`}`,
    ],
    ["free", `${formatCount(freeBytes)} B`, blocksText(freeBlocks)],
    ...(untouchedBytes === 0 ? [] : [["wilderness", `${formatCount(untouchedBytes)} B`, ""]]),
    ["largest free", `${formatCount(totals.largestFreeBytes)} B`, share],
    ...(totals.lostBytes === 0
      ? []
      : [["lost", `${formatCount(totals.lostBytes)} B`, "in no block that could be found"]]),
  ];
  return [
    terminal.bold("Totals, headers included"),
    ...fitTable({ aligns: ["left", "right", "left"] }, rows, terminal.width),
  ];
}

function damageSection({ damage }: Inspection, terminal: Terminal): readonly string[] {
  if (damage.length === 0) return [];
  return [
    terminal.bold(`Damage (${formatCount(damage.length)})`),
    ...damage.flatMap((each) => damageLines(each, terminal.width)),
  ].map((line, index) => (index === 0 ? line : terminal.red(line)));
}

function damageLines({ offset, what, found, expected }: Damage, width: number): readonly string[] {
  const text = `${hex(offset)}  ${what}: found ${found}, expected ${expected}`;
  return wrap(text, width - 4).map((line, index) => (index === 0 ? line : `    ${line}`));
}

function verdict(
  { inspection: { damage, blocks }, underWay }: InspectedDump,
  terminal: Terminal,
): readonly string[] {
  if (damage.length === 0) return [terminal.green(`OK: ${blocksText(blocks.length)}, no damage.`)];
  const faults = `${formatCount(damage.length)} fault${damage.length === 1 ? "" : "s"}`;
  const damaged = `DAMAGED: ${faults}, listed above.`;
  if (underWay === undefined) return [terminal.red(damaged)];
  const operation = operationText(underWay);
  const lines = underWay.isSure
    ? `AN OPERATION MAY BE UNDER WAY: ${operation}. It leaves the ${faults} listed above; if none was under way, the heap is damaged.`
    : `${damaged} An operation under way looks the same: ${operation}.`;
  return wrap(lines, terminal.width).map((line) =>
    underWay.isSure ? terminal.yellow(line) : terminal.red(line),
  );
}

/** "malloc or free of a block from 0x16 to 0x3e, or of one beside them" */
function operationText({ operations, from, to }: OperationUnderWay): string {
  const names = operations.join(", ").replace(/, (?=[^,]*$)/, " or ");
  return from === undefined || to === undefined
    ? names
    : `${names} of a block from ${hex(from)} to ${hex(to)}, or beside it`;
}
