/** What `alloc-gen init` writes of a chip: its memories with what is known of them, and a heap in one or in each. */
import type { Chip } from "../chips/chip.js";
import { notesOf } from "../chips/facts.js";
import { heapMemories, placeOf, type Memory } from "../chips/memory.js";
import { largestHeap, smallestHeap } from "./resolve-heap.js";
import { showSize } from "./sizes.js";
import type { heapChoices } from "./vocabulary.js";

export interface InitialChip {
  readonly chip: Chip;
  /** "regions" where the chip has several memories. */
  readonly heaps: (typeof heapChoices)[number];
}

/** Less is no memory for a heap beside others. */
const leastMemory = 1024;

/** Memories that may have a heap each, the main one first. */
export const severalMemories = (chip: Chip): readonly Memory[] =>
  heapMemories(chip).filter((memory) => memory.bytes >= leastMemory && isNamed(memory, chip));

/** Half of the main memory: the stack and the program's variables need some of it. */
export function initialHeapSize(chip: Chip): string | number {
  const [main] = heapMemories(chip);
  return main === undefined ? smallestHeap : halfOf(main);
}

function halfOf({ bytes }: Memory): string | number {
  const half = Math.floor(bytes / 2 / 64) * 64;
  return showSize(Math.min(largestHeap, Math.max(smallestHeap, half)));
}

/** Whether the names of its regions mean this memory and no other bytes. */
function isNamed({ regions, start, bytes }: Memory, chip: Chip): boolean {
  const found = placeOf(regions, chip);
  return found.kind === "place" && found.place.start === start && found.place.bytes === bytes;
}

const value = (json: unknown): string => JSON.stringify(json).replaceAll(",", ", ");

/** The key, below what is known of the chip's memories. */
export function chipLines(chip: Chip): string {
  const memories = heapMemories(chip).filter(({ bytes }) => bytes >= smallestHeap);
  return [
    `  // The chip: its core (${chip.core}) is the target, and heaps are checked against its RAM:`,
    ...memories.flatMap((memory) => memoryLines(memory).map((line) => `  //   ${line}`)),
    ...notesOf(chip.name).map(({ note, source }) => `  // ${note} (${source})`),
    `  // --chip or --target on the command line overrides this.`,
    `  "chip": ${value(chip.name)},`,
  ].join("\n");
}

function memoryLines({ name, start, bytes, facts, kind }: Memory): readonly string[] {
  const known =
    facts === undefined ? "Whether DMA reaches it: see the manual." : `${facts.reach} (${facts.source})`;
  const coupled = kind === "coupled" ? "Tightly coupled to the core. " : "";
  return [`${name}, ${inKiB(bytes)} at 0x${start.toString(16).padStart(8, "0")}. ${coupled}${known}`];
}

const inKiB = (bytes: number): string => (bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`);

/** The key `region` of the one heap; none where names do not tell the memory. */
export function regionLines(chip: Chip): readonly string[] {
  const [main] = heapMemories(chip);
  if (main === undefined || !isNamed(main, chip)) return [];
  return [
    "// Where your linker script puts it: the heap must fit there, beside the stack and your variables.",
    `"region": ${regionValue(main)},`,
  ];
}

const regionValue = ({ regions }: Memory): string => value(regions.length === 1 ? regions[0] : regions);

/** A heap in each memory, and one malloc over all. */
export function severalHeaps(
  chip: Chip,
  { name: front, alignment }: { readonly name: string; readonly alignment: number },
): string {
  const heaps = namedHeaps(severalMemories(chip), front);
  const order = heaps.toSorted((a, b) => Number(reachesDma(a.memory)) - Number(reachesDma(b.memory)));
  return `${chipLines(chip)}

  // A heap in each memory. What stands beside the list is for all heaps; a heap's own word wins.
  "heaps": [
${heaps.map((heap, index) => heapText(heap, { chip, alignment, isMain: index === 0 })).join("\n")}
  ],
  // ${front}_malloc_caps(size, capabilities) tries them in this order: what DMA reaches is kept for who needs it.
  "front": { "name": ${value(front)}, "fallback": ${value(order.map(({ name }) => name))} },`;
}

interface NamedHeap {
  readonly name: string;
  readonly memory: Memory;
}

/** Heaps are called after the first of their regions: "ccmram_heap". @param front a name that is taken */
function namedHeaps(memories: readonly Memory[], front: string): readonly NamedHeap[] {
  const stems = memories.map(({ regions: [first = "ram"] }) =>
    first.toLowerCase().replace(/[^a-z0-9]+/g, "_"),
  );
  return memories.map((memory, index) => {
    const stem = stems[index] ?? "ram";
    const earlier = stems.slice(0, index).filter((other) => other === stem).length;
    const name = `${stem}${earlier === 0 ? "" : `_${earlier + 1}`}_heap`;
    return { name: name === front ? `${name}_1` : name, memory };
  });
}

const reachesDma = ({ facts }: Memory): boolean => facts?.dma === true;

/** Bytes of a line of the data cache where the core may have one. */
const cacheLine = 32;

function heapText(
  { name, memory }: NamedHeap,
  { chip, alignment, isMain }: { readonly chip: Chip; readonly alignment: number; readonly isMain: boolean },
): string {
  const isCached = chip.core === "cortex-m7" && reachesDma(memory) && memory.kind === "ram";
  const section = `.${name.replace(/_heap(?:_1)?$/, "")}`;
  const capabilities = [
    ...(reachesDma(memory) ? ["dma"] : []),
    ...(memory.kind === "coupled" ? ["fast"] : []),
  ];
  return [
    "    {",
    `      "name": ${value(name)},`,
    '      "heap": {',
    `        // Half of ${memory.name}: the rest is for the stack and your variables.`,
    `        "size": ${value(halfOf(memory))},`,
    ...(isCached
      ? [
          "        // Of the data cache: no line holds a buffer and the heap's own data.",
          `        "cacheLine": ${cacheLine},`,
        ]
      : []),
    ...(isCached && alignment <= cacheLine ? [] : [`        "alignment": ${alignment},`]),
    ...(isMain
      ? []
      : [
          `        // Your linker script: ${section} (NOLOAD) : { *(${section}) } > ${memory.regions[0] ?? ""}`,
          `        "placement": { "kind": "static", "section": ${value(section)} },`,
        ]),
    `        "region": ${regionValue(memory)},`,
    "      },",
    `      "capabilities": ${value(capabilities)},`,
    "    },",
  ].join("\n");
}
