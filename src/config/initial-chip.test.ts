import { describe, expect, it } from "vitest";
import type { Chip } from "../chips/chip.js";
import { targetOfCore } from "../chips/cores.js";
import { findChip } from "../chips/find.js";
import { allChips } from "../chips/read.js";
import { makePlan } from "../policies/make-plan.js";
import { listTargets, loadTarget } from "../targets/load.js";
import { defaultAnswers, initialConfigText } from "./initial.js";
import { initialHeapSize, severalMemories } from "./initial-chip.js";
import { parseHeapsText } from "./load-several.js";

const chips = allChips();
const targets = listTargets();

function chipNamed(name: string): Chip {
  const found = findChip(name, chips);
  if (found.kind !== "chip") throw new Error(`no chip ${name}`);
  return found.chip;
}

const textFor = (chip: Chip, heaps: "one" | "regions" = "one", name = defaultAnswers.name): string =>
  initialConfigText({ ...defaultAnswers, name, chip: { chip, heaps }, heapSize: initialHeapSize(chip) });

const load = (text: string) => parseHeapsText(text, "alloc-gen.json", { targets });

/** One chip of each core and RAM that has a target: the others' configs differ in the chip's name alone. */
const different = [
  ...new Map(
    chips
      .filter(({ core }) => targetOfCore(core, targets).kind === "target")
      .map((chip) => [JSON.stringify([chip.core, chip.regions, severalMemories(chip)]), chip]),
  ).values(),
];

describe("the config that init writes for a chip", () => {
  it("is one for every chip with a target, and leads to a plan", () => {
    expect(different.length).toBeGreaterThan(250);
    const known = new Map(targets.map((name) => [name, loadTarget(name)]));
    for (const chip of different) {
      for (const heaps of severalMemories(chip).length > 1
        ? (["one", "regions"] as const)
        : (["one"] as const)) {
        const loaded = load(textFor(chip, heaps)).heaps.map(({ config }) => config);
        expect([chip.name, loaded.length]).toEqual([
          chip.name,
          heaps === "one" ? 1 : severalMemories(chip).length,
        ]);
        for (const config of loaded) {
          expect(config).toMatchObject({ target: chip.core, chip: { name: chip.name } });
          const target = known.get(config.target);
          if (target === undefined) throw new Error(`no target ${config.target}`);
          expect(makePlan(config, target).heapBytes).toBe(config.heap.size);
        }
      }
    }
  });

  it("says what is known of its RAM, and has the heap in half of the main memory", () => {
    const text = textFor(chipNamed("STM32F407VGT6"));
    expect(text).toContain(`
  // The chip: its core (cortex-m4) is the target, and heaps are checked against its RAM:
  //   SRAM+SRAM2, 128 KiB at 0x20000000. DMA reaches it. (ST RM0090, 2.1)
  //   CCMRAM, 64 KiB at 0x10000000. Tightly coupled to the core. The CPU alone reaches it, no DMA does. (ST RM0090, 2.1)
  // --chip or --target on the command line overrides this.
  "chip": "STM32F407VG",
`);
    expect(text).toContain('"region": ["SRAM", "SRAM2"],');
    expect(text).not.toContain('"target"');
    expect(load(text).heaps[0]?.config).toMatchObject({ target: "cortex-m4", heap: { size: 65536 } });
  });

  it("says where nothing is known, and which RAM can be kept", () => {
    expect(textFor(chipNamed("STM32F103C8"))).toContain(
      "  //   SRAM, 20 KiB at 0x20000000. Whether DMA reaches it: see the manual.\n",
    );
    expect(textFor(chipNamed("STM32L476RG"))).toContain(
      "  // SRAM2 can be kept in Standby mode (RRS in PWR_CR3). (ST HAL driver stm32l4xx_hal_pwr.c, HAL_PWR_EnterSTANDBYMode)\n",
    );
  });

  it("names no region where names do not tell the memory", () => {
    const text = textFor(chipNamed("nRF5340_xxAA"));
    expect(text).not.toContain('"region"');
    expect(load(text).heaps[0]?.config.heap.size).toBe(256 * 1024);
  });
});

describe("a heap in each memory", () => {
  it("has capabilities, a section, and one malloc that tries first what DMA does not reach", () => {
    const { heaps, multiHeap } = load(textFor(chipNamed("STM32F407VG"), "regions"));
    expect(
      heaps.map(({ config: { name, heap, chip } }) => [name, heap.size, heap.placement, chip?.region?.name]),
    ).toEqual([
      ["sram_heap", 65536, { kind: "static" }, "SRAM+SRAM2"],
      ["ccmram_heap", 32768, { kind: "static", section: ".ccmram" }, "CCMRAM"],
    ]);
    expect(multiHeap).toEqual({
      name: "app_heap",
      by: "capabilities",
      capabilities: ["dma", "fast"],
      heaps: [
        { name: "ccmram_heap", capabilities: ["fast"] },
        { name: "sram_heap", capabilities: ["dma"] },
      ],
      api: { calloc: false, realloc: false, alignedAlloc: false, usableSize: false },
    });
  });

  it("has whole lines of the data cache where a DMA fills it", () => {
    const { heaps } = load(textFor(chipNamed("STM32H743ZI"), "regions"));
    expect(heaps.map(({ config }) => config.heap.cacheLine)).toEqual([32, 32, 32, undefined]);
    expect(heaps.map(({ config }) => [config.name, config.heap.alignment])).toEqual([
      ["axisram_heap", 32],
      ["sram1_heap", 32],
      ["sram4_heap", 32],
      ["dtcm_heap", 8],
    ]);
  });

  it("is not called as the malloc over all is", () => {
    const { heaps, multiHeap } = load(textFor(chipNamed("STM32F407VG"), "regions", "sram_heap"));
    expect(multiHeap?.name).toBe("sram_heap");
    expect(heaps.map(({ config }) => config.name)).toEqual(["sram_heap_1", "ccmram_heap"]);
  });

  it("is for memories of some size", () => {
    expect(severalMemories(chipNamed("TLE9871QXA20")).map(({ name }) => name)).toEqual(["IRAM1"]);
  });
});
