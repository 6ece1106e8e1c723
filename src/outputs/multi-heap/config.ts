/** What a config of several heaps says of one malloc over them: which heaps serve which requests, in which order. */
import { z } from "zod";
import { diagnose, type ConfigPath } from "../../diagnostics.js";
import { nearestWord, quotedList, showValue } from "../../suggest.js";
import type { ApiName, Config } from "../../config/config.js";
import { about } from "../../config/describe.js";
import { nameFault } from "../../config/identifiers.js";
import type { Report } from "../../config/report.js";

/** Functions over all heaps beside malloc and free, in their order in the C. */
export const multiHeapFunctions = ["calloc", "realloc", "alignedAlloc", "usableSize"] as const;
export type MultiHeapFunction = (typeof multiHeapFunctions)[number];

/** The functions of each heap that one over all calls. */
const called: Readonly<Record<MultiHeapFunction, readonly ApiName[]>> = {
  calloc: ["calloc"],
  realloc: ["realloc", "usableSize"],
  alignedAlloc: ["alignedAlloc"],
  usableSize: ["usableSize"],
};

/** What chooses among the heaps. */
export const frontChoices = ["capabilities", "size"] as const;
export type FrontChoice = (typeof frontChoices)[number];

const wantedSchema = (description: string) => about(z.boolean().optional(), description);

/** Of the key `front`. */
export const multiHeapSchema = about(
  z
    .strictObject({
      name: about(z.string(), "C identifier: the prefix of its functions, and the name of its two files."),
      by: about(
        z.enum(frontChoices).optional(),
        'What a request says of the heap that is to serve it: "capabilities", or "size": malloc and its like then take no capabilities, and no heap is tried that serves no request so large. "capabilities" when left out.',
      ),
      fallback: about(
        z.array(z.string()).optional(),
        "Names of the heaps in the order in which they are tried; the order of the list when left out.",
      ),
      regions: about(
        z
          .strictObject({
            heap: about(z.string(), 'Name of the heap with "instances": "many" that is made in each region.'),
            most: about(z.number().int().min(1).max(16), "Most regions that can be added: 1 to 16."),
          })
          .optional(),
        "Memory that is added at run time, by <name>_add_region(memory, bytes): tried after all other heaps.",
      ),
      api: about(
        z
          .strictObject({
            calloc: wantedSchema(
              "Whether <name>_calloc_caps, by size <name>_calloc, is generated. Each heap needs calloc.",
            ),
            realloc: wantedSchema(
              "Whether <name>_realloc_caps, by size <name>_realloc, is generated: a block that its own heap cannot resize moves to another one. Each heap needs realloc and usableSize.",
            ),
            alignedAlloc: wantedSchema(
              "Whether <name>_aligned_alloc_caps, by size <name>_aligned_alloc, is generated. Each heap needs alignedAlloc; by size the last needs it, and others without it are passed over.",
            ),
            usableSize: wantedSchema("Whether <name>_usable_size is generated. Each heap needs usableSize."),
          })
          .optional(),
        "Functions over all heaps in addition to malloc and free.",
      ),
    })
    .optional(),
  "One malloc and one free over all: <name>_malloc_caps(size, capabilities), or <name>_malloc(size) by size, and <name>_free(pointer).",
);

/** Of the key `capabilities` of each heap. */
export const capabilitiesSchema = about(
  z.array(z.string()).optional(),
  "What the heap's memory can do, in your own words, such as dma: each becomes a bit that a request may require.",
);

/** What is written, checked against the schemas. */
interface Written {
  readonly front?: z.infer<typeof multiHeapSchema>;
  readonly heaps: readonly { readonly capabilities?: z.infer<typeof capabilitiesSchema> }[];
}

export interface MultiHeapConfig {
  /** C identifier: the prefix of its functions. */
  readonly name: string;
  readonly by: FrontChoice;
  /** All capabilities; a capability's bit is its place in this list. */
  readonly capabilities: readonly string[];
  /** The heaps in the order in which they are tried. */
  readonly heaps: readonly {
    readonly name: string;
    /** Those of all that it has. */
    readonly capabilities: readonly string[];
  }[];
  /** Which functions there are beside malloc and free. */
  readonly api: MultiHeapApi;
  /** What is added at run time: the heap that is made in each region. */
  readonly regions?:
    { readonly name: string; readonly capabilities: readonly string[]; readonly most: number } | undefined;
}

export type MultiHeapApi = Readonly<Record<MultiHeapFunction, boolean>>;

/** Bits of the number that names capabilities. */
const mostCapabilities = 32;

/** What `written` says of the front. `configs` are its heaps, in the order of the list. */
export function resolveMultiHeap(
  written: Written,
  configs: readonly Config[],
  report: Report,
): MultiHeapConfig | undefined {
  const { front, heaps } = written;
  const listed = heaps.map(({ capabilities = [] }) => capabilities);
  refuseCapabilities(written, report);
  if (front === undefined) return undefined;
  const names = configs.map(({ name }) => name);
  const reason = names.includes(front.name) ? "one of the heaps has that name" : nameFault(front.name);
  const at = (...path: ConfigPath): ConfigPath => ["front", ...path];
  if (reason !== undefined) {
    report(diagnose("conflict", { found: showValue(front.name), reason }, { path: at("name") }));
  }
  const { regions } = front;
  configs.forEach(({ heap, name }, index) => {
    if (heap.placement.kind !== "runtime" || name === regions?.heap) return;
    const parameters = {
      found: '"runtime"',
      reason: "the multi-heap initializes its heaps: each must be an array, or lie between linker symbols",
    };
    report(diagnose("conflict", parameters, { path: ["heaps", index, "heap", "placement"] }));
  });
  const api = resolveApi(front, configs, report);
  if (regions !== undefined) refuseRegions(regions.heap, configs, report);
  const { by = "capabilities" } = front;
  if (by === "size") refuseBySize(written, report);
  if (by === "size" && configs.length === 1) {
    const reason = "there is one heap, and nothing to choose";
    report(diagnose("conflict", { found: '"size"', reason }, { path: at("by") }));
  }
  const fixed = names.filter((name) => name !== regions?.heap);
  const order = resolveFallback(front.fallback, fixed, report);
  const capabilitiesOf = (name: string): readonly string[] => listed[names.indexOf(name)] ?? [];
  if (by === "size") refusePlaces(order.slice(0, -1), configs, report);
  return {
    name: front.name,
    by,
    capabilities: [...new Set(listed.flat())],
    heaps: order.flatMap((index) => {
      const name = fixed[index];
      return name === undefined ? [] : [{ name, capabilities: capabilitiesOf(name) }];
    }),
    api,
    ...(regions === undefined
      ? {}
      : { regions: { name: regions.heap, capabilities: capabilitiesOf(regions.heap), most: regions.most } }),
  };
}

/** What a front that chooses by size does not have. */
function refuseBySize({ front, heaps }: Written, report: Report): void {
  const reason = 'the front chooses by size: "front.by" must be "capabilities"';
  if (front?.regions !== undefined) {
    report(diagnose("conflict", { found: "an object", reason }, { path: ["front", "regions"] }));
  }
  heaps.forEach(({ capabilities = [] }, heap) => {
    if (capabilities.length === 0) return;
    report(diagnose("conflict", { found: "a list", reason }, { path: ["heaps", heap, "capabilities"] }));
  });
}

/** Which heap a block is in is told by where arrays begin. @param order of all but the last heap tried */
function refusePlaces(order: readonly number[], configs: readonly Config[], report: Report): void {
  for (const index of order) {
    const kind = configs[index]?.heap.placement.kind;
    if (kind === undefined || kind === "static") continue;
    const reason =
      "by size, the front takes a block to its heap by where arrays begin: only the last heap tried may be none";
    const path = ["heaps", index, "heap", "placement"];
    report(diagnose("conflict", { found: showValue(kind), reason }, { path }));
  }
}

function refuseRegions(heap: string, configs: readonly Config[], report: Report): void {
  const path = ["front", "regions", "heap"];
  const names = configs.map(({ name }) => name);
  const config = configs.find(({ name }) => name === heap);
  if (config === undefined) {
    const parameters = {
      found: showValue(heap),
      nearest: nearestWord(heap, names),
      allowed: quotedList(names),
    };
    report(diagnose("invalid-value", parameters, { path }));
  } else if (config.heap.placement.kind !== "runtime" || config.heap.placement.instances !== "many") {
    const reason = 'there is one of it: "instances" must be "many"';
    report(diagnose("conflict", { found: showValue(heap), reason }, { path }));
  } else if (configs.length === 1) {
    const reason = "the front needs a heap that is there from the start";
    report(diagnose("conflict", { found: showValue(heap), reason }, { path }));
  }
}

/** What is asked for, where each heap has the functions that it calls. */
function resolveApi(
  { api: written = {}, by, fallback }: NonNullable<Written["front"]>,
  configs: readonly Config[],
  report: Report,
): MultiHeapApi {
  for (const name of multiHeapFunctions) {
    if (written[name] !== true) continue;
    const missing = called[name].flatMap((needed) => {
      // By size a heap that aligns nothing is passed over, but for the last.
      const last = fallback?.at(-1) ?? configs.at(-1)?.name;
      const mayLack = (heap: string): boolean => by === "size" && needed === "alignedAlloc" && heap !== last;
      const heaps = configs
        .filter(({ api, name: heap }) => !api[needed] && !mayLack(heap))
        .map((config) => config.name);
      return heaps.length === 0 ? [] : [`${needed} of ${heaps.join(", ")}`];
    });
    if (missing.length === 0) continue;
    const reason = `it calls ${missing.join(" and ")}, which "api" of the heap does not ask for`;
    report(diagnose("conflict", { found: "true", reason }, { path: ["front", "api", name] }));
  }
  const { calloc = false, realloc = false, alignedAlloc = false, usableSize = false } = written;
  return { calloc, realloc, alignedAlloc, usableSize };
}

/** Places in the list, in the order of trying. Every heap is tried once: what is left out would never serve. */
function resolveFallback(
  fallback: readonly string[] | undefined,
  names: readonly string[],
  report: Report,
): readonly number[] {
  if (fallback === undefined) return [...names.keys()];
  fallback.forEach((name, index) => {
    const path = ["front", "fallback", index];
    if (!names.includes(name)) {
      const allowed = quotedList(names);
      const parameters = { found: showValue(name), nearest: nearestWord(name, names), allowed };
      report(diagnose("invalid-value", parameters, { path }));
    } else if (fallback.indexOf(name) !== index) {
      const reason = `item ${fallback.indexOf(name) + 1} of the list is the same`;
      report(diagnose("conflict", { found: "a repeated item", reason }, { path }));
    }
  });
  const missing = names.filter((name) => !fallback.includes(name));
  if (missing.length > 0) {
    const reason = `every heap must be listed, and ${quotedList(missing)} is missing`;
    report(diagnose("conflict", { found: "a list", reason }, { path: ["front", "fallback"] }));
  }
  return fallback.map((name) => names.indexOf(name));
}

function refuseCapabilities({ heaps, front }: Written, report: Report): void {
  const all = new Set<string>();
  heaps.forEach(({ capabilities }, heap) => {
    if (capabilities === undefined) return;
    const path = ["heaps", heap, "capabilities"];
    if (front === undefined) {
      const reason = 'only a multi-heap uses capabilities: "front" is missing';
      report(diagnose("conflict", { found: "a list", reason }, { path }));
    }
    capabilities.forEach((word, index) => {
      all.add(word);
      if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(word)) {
        const allowed = 'a word of lower-case letters, digits and single underscores, such as "dma"';
        const parameters = { found: showValue(word), allowed };
        report(diagnose("invalid-value", parameters, { path: [...path, index] }));
      } else if (capabilities.indexOf(word) !== index) {
        const reason = `item ${capabilities.indexOf(word) + 1} of the list is the same`;
        report(diagnose("conflict", { found: "a repeated item", reason }, { path: [...path, index] }));
      }
    });
  });
  if (all.size <= mostCapabilities) return;
  const reason = `a request selects capabilities by ${mostCapabilities} bits`;
  report(diagnose("conflict", { found: `${all.size} capabilities`, reason }, { path: ["heaps"] }));
}
