/** The table itself, and what is said of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFolder } from "../package-folder.js";
import { listTargets } from "../targets/load.js";
import { targetOfCore } from "./cores.js";
import { coresOf, factsOf, isMirror, notesOf } from "./facts.js";
import { findChip } from "./find.js";
import { heapMemories, kindOf, memoriesOf, placeOf } from "./memory.js";
import { allChips } from "./read.js";

const chips = allChips();

describe("the table of chips", () => {
  it("has 4,372 chips, each once", () => {
    expect(chips.length).toBe(4372);
    expect(new Set(chips.map(({ name }) => name.toLowerCase())).size).toBe(chips.length);
  });

  it("finds each by its name, in any case", () => {
    for (const chip of chips) {
      expect(findChip(chip.name.toLowerCase(), chips)).toEqual({ kind: "chip", chip });
    }
  });

  it("has RAM within 32 bits of address", () => {
    for (const { name, regions } of chips) {
      for (const { start, bytes } of regions) expect([name, start + bytes <= 2 ** 32]).toEqual([name, true]);
    }
  });

  it("names a target for every core, or the nearest", () => {
    const targets = listTargets();
    const cores = [...new Set(chips.map(({ core }) => core))];
    for (const core of cores) {
      const found = targetOfCore(core, targets);
      expect(targets).toContain(found.kind === "target" ? found.name : found.nearest);
      expect(found.kind === "target" ? found.name : core).toBe(core);
    }
    expect(cores.filter((core) => targetOfCore(core, targets).kind === "target")).toEqual(
      expect.arrayContaining([
        "cortex-m0",
        "cortex-m0plus",
        "cortex-m3",
        "cortex-m33",
        "cortex-m4",
        "cortex-m7",
      ]),
    );
  });

  it("has a memory for heaps in every chip, of at least 1 KiB", () => {
    for (const chip of chips) {
      expect([chip.name, (heapMemories(chip)[0]?.bytes ?? 0) >= 1024]).toEqual([chip.name, true]);
    }
  });

  it("has no memory that overlaps another of its chip", () => {
    for (const chip of chips) {
      memoriesOf(chip).reduce((end, { start, bytes }) => {
        expect([chip.name, start >= end]).toEqual([chip.name, true]);
        return start + bytes;
      }, 0);
    }
  });

  it("finds every memory for a heap again by the names of its regions", () => {
    for (const chip of chips) {
      for (const { regions, start, bytes } of heapMemories(chip)) {
        // Two memories of a chip may have regions of one name: then a name does not say which is meant.
        const isOne = heapMemories(chip).filter((memory) =>
          memory.regions.some((name) => regions.includes(name)),
        );
        if (isOne.length > 1) continue;
        const found = placeOf(regions, chip);
        expect([chip.name, found]).toMatchObject([chip.name, { kind: "place", place: { start, bytes } }]);
      }
    }
  });

  it("comes with the licence of where it was taken from, in the package too", () => {
    const read = (name: string): string => readFileSync(join(packageFolder(), name), "utf8");
    expect(read("NOTICE")).toContain("Copyright (c) 2019 probe-rs");
    expect(read("targets/chips/chips.tsv")).toMatch(/^# .*\n# The facts .* were taken from .* of probe-rs/);
    const { files } = JSON.parse(read("package.json")) as { readonly files: readonly string[] };
    expect(files).toEqual(expect.arrayContaining(["targets", "NOTICE"]));
  });
});

const chip = (name: string) => {
  const found = findChip(name, chips);
  if (found.kind !== "chip") throw new Error(`no chip ${name}`);
  return found.chip;
};
const memories = (name: string) =>
  heapMemories(chip(name)).map(({ name: memory, bytes, kind, facts }) => [
    memory,
    bytes / 1024,
    kind,
    facts?.dma,
  ]);

describe("memories", () => {
  it("join regions side by side, and keep tightly coupled ones apart", () => {
    expect(memories("STM32F407VG")).toEqual([
      ["SRAM+SRAM2", 128, "ram", true],
      ["CCMRAM", 64, "coupled", false],
    ]);
    expect(memories("STM32F767ZI")).toEqual([
      ["SRAM", 384, "ram", true],
      ["DTCM", 128, "coupled", true],
    ]);
    expect(memories("STM32H743ZI")).toEqual([
      ["AXISRAM", 512, "ram", true],
      ["SRAM1+SRAM2+SRAM3", 288, "ram", true],
      ["SRAM4", 64, "ram", true],
      ["DTCM", 128, "coupled", false],
    ]);
  });

  it("leave out addresses that are another region's bytes", () => {
    expect(memories("STM32G474RE")).toEqual([
      ["SRAM1+SRAM2", 96, "ram", true],
      ["CCMRAM_DCODE", 32, "coupled", true],
    ]);
    expect(memories("nRF52840_xxAA")).toEqual([["RAM", 256, "ram", true]]);
    expect(memories("RP2040")).toEqual([["RAM", 264, "ram", true]]);
    expect(memories("PSC3M3EDABQ1")).toEqual([["IRAM1", 64, "ram", undefined]]);
    expect(memories("MIMXRT595S")).toEqual([
      ["Shared RAM partitions 0-31 via data bus", 5120, "ram", undefined],
    ]);
    expect(memories("MCXN947")).toEqual([
      ["SRAM+SRAMH", 416, "ram", undefined],
      ["SRAMX", 96, "ram", undefined],
    ]);
    // SRAM2 is at this address alone.
    expect(memories("STM32L476RG")).toEqual([
      ["SRAM", 96, "ram", true],
      ["SRAM2_ICODE", 32, "ram", undefined],
    ]);
  });

  it("do not go from the Code region to the SRAM region", () => {
    expect(memories("S32K144HAxxxLHx")).toEqual([
      ["IRAM2", 32, "ram", undefined],
      ["IRAM1", 28, "ram", undefined],
    ]);
  });

  it("know regions for code, and those of peripherals", () => {
    const kinds = (name: string) => chip(name).regions.map((region) => kindOf(region, chip(name)));
    expect(kinds("STM32H743ZI").slice(0, 3)).toEqual(["instructions", "coupled", "ram"]);
    expect(kinds("LPC55S69JBD100")).toEqual(["ram", "ram", "ram", "special"]);
    expect(kinds("VA416xx_RAM")).toEqual(["instructions", "ram"]);
  });
});

/** Of a rule that is of no chip the source would be missing. */
const sources: readonly string[] = [
  "Nordic nRF52832 and nRF52810 Product Specifications, EasyDMA",
  "Raspberry Pi RP2040 Datasheet, 2.6.2",
  "ST AN4296",
  'ST FAQ "DMA is not working on STM32H7 devices"',
  "ST RM0090, 2.1",
  "ST RM0091 and RM0360, 2.1",
  "ST RM0351, 2.1",
  "ST RM0366, 2.1",
  "ST RM0385, 2.1",
  "ST RM0386, 2.1",
  "ST RM0390, 2.1",
  "ST RM0402, 2.1",
  "ST RM0410, 2.1",
  "ST RM0430, 2.1",
  "ST RM0431, 2.1",
  "ST RM0440, 2.4",
  "ST RM0461, 2.1",
  "modm issue 881, Zephyr pull request 17123",
];

describe("facts", () => {
  it("of every rule have a source and are of some chip", () => {
    const told = chips.flatMap(({ name, regions }) =>
      regions.flatMap((region) => factsOf(name, region.name) ?? []),
    );
    expect([...new Set(told.map(({ source }) => source))].toSorted()).toEqual(sources);
    for (const { reach, source } of told) {
      expect(reach).toMatch(/\.$/);
      expect(source.length).toBeGreaterThan(5);
    }
  });

  it.each([
    ["STM32F429ZI", "CCMRAM", false],
    ["STM32F303CC", "CCMRAM", false],
    ["STM32H750VB", "DTCM", false],
    // Of other domains, with two BDMAs, one of which reaches it.
    ["STM32H7A3ZI", "AHBSRAM", undefined],
    ["STM32F746ZG", "DTCM", true],
    ["STM32G431KB", "CCMRAM_DCODE", true],
    // No CCM: another series.
    ["STM32F446RE", "SRAM", true],
    ["STM32F103C8", "SRAM", undefined],
    ["LPC55S69JBD100", "SRAM", undefined],
  ])("%s %s: %s", (name, region, dma) => expect(factsOf(name, region)?.dma).toBe(dma));

  it("tell of mirrors, of RAM that can be kept, and of a second core", () => {
    expect(isMirror("RP2040", 0x21000000)).toBe(true);
    expect(isMirror("RP2040", 0x20000000)).toBe(false);
    expect(notesOf("STM32L476RG").map(({ note }) => note)).toEqual([
      "SRAM2 can be kept in Standby mode (RRS in PWR_CR3).",
    ]);
    expect(coresOf(chip("STM32H745ZI"))).toEqual(["cortex-m7", "cortex-m4"]);
    expect(coresOf(chip("CY8C6247BZI-D54"))).toEqual(["cortex-m0plus", "cortex-m4"]);
    expect(coresOf(chip("CY8C6336BZI-BLD13"))).toEqual(["cortex-m0plus", "cortex-m4"]);
    expect(coresOf(chip("CY8C6336BZI-BLF03"))).toEqual(["cortex-m4"]);
    expect(notesOf("CY8C6336BZI-BLF03")).toEqual([]);
    expect(coresOf(chip("STM32F407VG"))).toEqual(["cortex-m4"]);
    expect(notesOf("STM32F407VG")).toEqual([]);
  });
});
