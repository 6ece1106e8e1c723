/** The two files of one malloc over several heaps. */
import { defines, hex, unsigned } from "../../csource/c-text.js";
import type { Provenance } from "../c/c-view.js";
import type { GeneratedFile } from "../c/emit.js";
import { render } from "../../csource/render.js";
import type { View } from "../../csource/view.js";
import type { MemberHeap, MultiHeapPlan } from "./plan.js";

export function emitMultiHeap(multiHeap: MultiHeapPlan, provenance: Provenance): readonly GeneratedFile[] {
  const view = viewOf(multiHeap, provenance);
  return [
    { name: `${multiHeap.name}.h`, text: render("multi-heap.h", view) },
    { name: `${multiHeap.name}.c`, text: render("multi-heap.c", view) },
  ];
}

function viewOf({ name, capabilities, heaps }: MultiHeapPlan, { version, configName }: Provenance): View {
  const prefix = name.toUpperCase();
  const constant = (word: string, place: number) => ({
    name: `${prefix}_CAP_${word.toUpperCase()}`,
    value: `${unsigned(1)} << ${unsigned(place)}`,
    comment: "",
  });
  const has = heaps.map(({ plan, capabilities: bits }) => ({
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
    zeroText: zeroText(heaps),
    // An array is always ready.
    tellsReady: heaps.some(tellsWhetherReady),
    heapDefines: definesOf(has),
    heaps: heaps.map((heap, index) => heapView(heap, index, capabilities)),
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
    first: index === 0,
    orIf: index === 0 ? "if" : "} else if",
  };
}

const tellsWhetherReady = ({ plan }: Pick<MemberHeap, "plan">): boolean => plan.placement.kind !== "static";

/** What malloc(0) returns is up to the last heap tried: a heap that returns NULL passes it on. */
function zeroText(heaps: readonly MemberHeap[]): string {
  const none = heaps.every(({ plan }) => plan.zeroSize === "null");
  return none ? "0 returns NULL." : "0 returns what the first heap that serves it returns.";
}
