/** Memory for a heap that has none of its own, and calls that tell the allocator of it, as assembly. */
import type { Assembly, Machine } from "../machine/machine.js";

/** How an allocator comes to its heap's bytes. */
export type HeapRegion =
  /** They lie between two symbols. */
  | { readonly kind: "symbols"; readonly start: string; readonly end: string; readonly alignment?: number }
  /** Init is handed them; with `asParameter` every other function takes the heap as its first parameter. */
  | { readonly kind: "handed"; readonly asParameter: boolean; readonly alignment?: number };

/** The first byte of a region that is handed over. */
const handedSymbol = "replay_heap";

/** The symbol at the region's first byte. */
export const regionSymbol = (region: HeapRegion): string =>
  region.kind === "symbols" ? region.start : handedSymbol;

/** Of a region whose heap asks for none. */
const usualAlignment = 64;

/** What the driver calls in place of a function of the allocator. */
const adapterOf = (called: string): string => `adapter_${called}`;

/** Names of the functions as the driver calls them. */
export function calledNames<Names extends Readonly<Record<string, string>>>(
  names: Names & { readonly init: string },
  region: HeapRegion | undefined,
): Names {
  if (region?.kind !== "handed") return names;
  const adapted = Object.entries(names).map(([role, name]) => [
    role,
    role === "init" || region.asParameter ? adapterOf(name) : name,
  ]);
  return Object.fromEntries(adapted) as Names;
}

/** Assembly that reserves the region, and adapts calls to it. */
export function regionSource(
  { assembly }: Pick<Machine, "assembly">,
  region: HeapRegion,
  heapBytes: number,
  functions: { readonly init: string } & Readonly<Record<string, string>>,
): string {
  const start = regionSymbol(region);
  const end = region.kind === "symbols" ? [`    .global ${region.end}`, `${region.end}:`] : [];
  const others = Object.entries(functions).filter(([role]) => role !== "init");
  const adapters =
    region.kind === "symbols"
      ? []
      : [
          ...adapter(functions.init, assembly),
          ...assembly.callInit({ called: functions.init, heap: handedSymbol, heapBytes }),
          ...(region.asParameter
            ? others.flatMap(([, name]) => [
                ...adapter(name, assembly),
                ...assembly.callWithHeap({ called: name, heap: handedSymbol }),
              ])
            : []),
        ];
  return [
    ...assembly.prologue,
    '    .section .bss.heap_region, "aw", %nobits',
    `    .balign ${region.alignment ?? usualAlignment}`,
    `    .global ${start}`,
    `    .type   ${start}, %object`,
    `    .size   ${start}, ${heapBytes}`,
    `${start}:`,
    `    .space  ${heapBytes}`,
    ...end,
    ...adapters,
    "",
  ].join("\n");
}

/** The beginning of what the driver calls in place of a function. */
const adapter = (name: string, { functionMark }: Assembly): readonly string[] => [
  `    .section .text.${adapterOf(name)}, "ax", %progbits`,
  "    .balign 4",
  `    .global ${adapterOf(name)}`,
  `    .type   ${adapterOf(name)}, %function`,
  ...functionMark,
  `${adapterOf(name)}:`,
];
