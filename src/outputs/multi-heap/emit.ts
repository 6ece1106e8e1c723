/** The two files of one malloc over several heaps. */
import { defines, hex, unsigned } from "../../csource/c-text.js";
import type { Provenance } from "../c/c-view.js";
import type { GeneratedFile } from "../c/emit.js";
import { render } from "../../csource/render.js";
import type { View } from "../../csource/view.js";
import { bySizeView } from "./by-size.js";
import { multiHeapFunctions, type MultiHeapApi, type MultiHeapFunction } from "./config.js";
import type { MemberHeap, MultiHeapPlan } from "./plan.js";

export function emitMultiHeap(multiHeap: MultiHeapPlan, provenance: Provenance): readonly GeneratedFile[] {
  const plain = viewOf(multiHeap, provenance);
  const part = (template: string): string => render(`multi-heap/${template}`, plain).trimEnd();
  const view = {
    ...plain,
    includes: part("includes.h"),
    initDeclaration: part("init.h"),
    initDefinition: part("init.c"),
  };
  const { api } = multiHeap;
  const asked = multiHeapFunctions.filter((name) => api[name]);
  const isOpen = multiHeap.regions !== undefined;
  const declared = [
    ...(isOpen ? ["add-region.h"] : []),
    ...asked.map((name) => `${pieces[name].template}.h`),
  ];
  const defined = [
    ...(isOpen ? ["add-region.c"] : []),
    // In front of realloc, which calls it.
    ...(callsUsableSize(api) ? ["usable-size.c"] : []),
    ...asked
      .filter((name) => name !== "usableSize")
      .flatMap((name) => [...pieces[name].before, pieces[name].template].map((each) => `${each}.c`)),
  ];
  const renderText = (template: string, view: View): string =>
    render(
      `multi-heap/${multiHeap.by === "size" && !shared.includes(template) ? "by-size/" : ""}${template}`,
      view,
    );
  const all = (templates: readonly string[]): View[] =>
    templates.map((template) => ({ text: renderText(template, view).trimEnd() }));
  return [
    { name: `${multiHeap.name}.h`, text: renderText("header.h", { ...view, declarations: all(declared) }) },
    {
      name: `${multiHeap.name}.c`,
      text: renderText("source.c", { ...view, types: all(typesOf(api)), functions: all(defined) }),
    },
  ];
}

/** Templates of the functions beside malloc and free: which of them, and what each needs before it. */
const pieces: Readonly<Record<MultiHeapFunction, { readonly template: string; readonly before: string[] }>> =
  {
    calloc: { template: "calloc", before: [] },
    realloc: { template: "realloc", before: ["copy", "move"] },
    alignedAlloc: { template: "aligned-alloc", before: [] },
    usableSize: { template: "usable-size", before: [] },
  };

/** realloc must know how much a block holds. */
const callsUsableSize = ({ usableSize, realloc }: MultiHeapApi): boolean => usableSize || realloc;

const typesOf = ({ realloc }: MultiHeapApi): readonly string[] => (realloc ? ["word-type.c"] : []);

/** Templates that are the same for both kinds of front. */
const shared: readonly string[] = ["copy.c", "word-type.c", "usable-size.h"];

function viewOf(
  { name, by, capabilities, heaps, api, regions }: MultiHeapPlan,
  { version, configName }: Provenance,
): View {
  const prefix = name.toUpperCase();
  const constant = (word: string, place: number) => ({
    name: `${prefix}_CAP_${word.toUpperCase()}`,
    value: `${unsigned(1)} << ${unsigned(place)}`,
    comment: "",
  });
  const members = [...heaps, ...(regions === undefined ? [] : [regions])];
  const has = members.map(({ plan, capabilities: bits }) => ({
    name: `${plan.name.toUpperCase()}_HAS`,
    value: termsOf(bits, capabilities, prefix),
    comment: "",
  }));
  return {
    name,
    NAME: prefix,
    brief: `One malloc and one free over ${heaps.length} heaps.`,
    version,
    configName,
    hasCapabilities: capabilities.length > 0,
    capabilities: capabilities.length === 0 ? [] : definesOf(capabilities.map(constant)),
    capabilitiesText:
      capabilities.length === 0
        ? "0: the heaps have none."
        : `Sum of ${prefix}_CAP_ constants; 0 takes any memory.`,
    zeroText: zeroText(members),
    reallocZeroText: reallocZeroText(members),
    regions: regions === undefined ? [] : [{ ...heapView(regions, 0, capabilities), NAME: prefix }],
    noRegions: regions === undefined ? [{}] : [],
    mostRegions: unsigned(regions?.most ?? 0),
    usesBool: regions !== undefined || heaps.some(tellsWhetherReady),
    usable: api.usableSize
      ? { name: `${name}_usable_size`, linkage: "", comment: "" }
      : {
          name: "usable_size",
          linkage: "static ",
          comment: "/* Bytes that a block holds; 0 for NULL. */\n",
        },
    // An array is always ready.
    tellsReady: heaps.some(tellsWhetherReady),
    heapDefines: definesOf(has),
    heaps: heaps.map((heap, index) => heapView(heap, index, capabilities)),
    ...(by === "size" ? bySizeView(heaps) : {}),
  };
}

const definesOf = (constants: Parameters<typeof defines>[0]): View[] =>
  defines(constants).map((define) => ({ define }));

/** "APP_CAP_FAST | APP_CAP_DMA", "0U" */
function termsOf(bits: number, capabilities: readonly string[], prefix: string): string {
  const terms = wordsOf(bits, capabilities).map((word) => `${prefix}_CAP_${word.toUpperCase()}`);
  return terms.length === 0 ? hex(0) : terms.join(" | ");
}

const wordsOf = (bits: number, capabilities: readonly string[]): readonly string[] =>
  capabilities.filter((_, place) => Math.floor(bits / 2 ** place) % 2 === 1);

function heapView({ plan, capabilities: bits }: MemberHeap, index: number, all: readonly string[]): View {
  const words = wordsOf(bits, all);
  return {
    heap: plan.name,
    HEAP: plan.name.toUpperCase(),
    line: `${plan.name}, ${plan.heapBytes} bytes${words.length === 0 ? "" : `: ${words.join(", ")}`}`,
    tellsReady: tellsWhetherReady({ plan }),
    untilServed: index === 0 ? "" : "(payload == NULL) && ",
    orIf: index === 0 ? "if" : "} else if",
  };
}

const tellsWhetherReady = ({ plan }: Pick<MemberHeap, "plan">): boolean => plan.placement.kind !== "static";

/** What malloc(0) returns is up to the last heap tried: a heap that returns NULL passes it on. */
function zeroText(heaps: readonly MemberHeap[]): string {
  const none = heaps.every(({ plan }) => plan.zeroSize === "null");
  return none ? "0 returns NULL." : "0 returns what the first heap that serves it returns.";
}

/** What realloc to 0 bytes does is up to the block's own heap. */
function reallocZeroText(heaps: readonly MemberHeap[]): string {
  const frees = heaps.filter(({ plan }) => plan.zeroSize === "null");
  if (frees.length === heaps.length) return "0 frees the block and returns NULL.";
  return frees.length === 0
    ? "0 shrinks the block as far as its heap does."
    : "0 does what the block's heap does: its header says it.";
}
