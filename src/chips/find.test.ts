import { describe, expect, it } from "vitest";
import { findChip, searchChips } from "./find.js";
import { allChips } from "./read.js";

const chips = allChips();

describe("findChip", () => {
  it.each([
    ["STM32F407VG", "STM32F407VG"],
    ["stm32f407vg", "STM32F407VG"],
    // As ordered: package, temperature, packing.
    ["STM32F407VGT6", "STM32F407VG"],
    ["STM32F407VGT6TR", "STM32F407VG"],
    ["ATSAMD21G18A-AU", "ATSAMD21G18A"],
    ["R7FA6M4AD3CFB", "R7FA6M4AD"],
    // "x" of the table stands for any character, and the longest name wins.
    ["S32K144HAT0MLHT", "S32K144HAxxxLHx"],
    ["STM32H7A3AGI6Q", "STM32H7A3AGIxQ"],
    ["STM32H7A3IGT6", "STM32H7A3IG"],
    ["nRF52840-QIAA", "nRF52840_xxAA"],
    ["RP2350A", "RP235x"],
    ["RP2350_RISCV", "RP235x_riscv"],
    // The beginning of names of chips that are alike.
    ["nRF52840", "nRF52840_xxAA"],
    ["STM32F407", "STM32F407"],
  ])("takes %s for %s", (written, name) => {
    expect(findChip(written, chips)).toMatchObject({ kind: "chip", chip: { name } });
  });

  it("takes no beginning of chips that differ, and tells which they are", () => {
    const found = findChip("nRF51422", chips);
    const names = found.kind === "several" ? found.chips.map(({ name }) => name) : [];
    expect(names).toEqual(["nRF51422_xxAA", "nRF51422_xxAB", "nRF51422_xxAC"]);
    expect(findChip("stm32f4", chips).kind).toBe("several");
  });

  it.each([
    ["STM32F407VX", ["STM32F407VE", "STM32F407VG", "STM32F407IE"]],
    ["stm23f407vg", ["STM32F407VG", "STM32F207VG", "STM32F405VG"]],
    // Another chip with more RAM, and no order of the one whose name it begins with.
    ["CC2652R7", ["CC2652R", "CC2652RB", "CC2652P"]],
    ["LM3S1010", ["LM3S101", "LM3S1110", "LM3S102"]],
    ["i8051", []],
    ["", []],
  ])("takes %j for no chip", (written, nearest) => {
    expect(findChip(written, chips)).toEqual({ kind: "none", nearest });
  });
});

describe("searchChips", () => {
  const names = (written: string) => searchChips(written, chips).map(({ name }) => name);

  it("finds what begins so, in any case", () => {
    expect(names("stm32f407")).toHaveLength(6);
    expect(names("STM32F407").every((name) => name.startsWith("STM32F407"))).toBe(true);
  });

  it("finds what has it inside, if nothing begins so", () => {
    expect(names("F407VG")).toEqual(["AT32F407VGT7", "GD32F407VG", "STM32F407VG"]);
  });

  it("finds what is ordered so", () => {
    expect(names("STM32F407VGT6")).toEqual(["STM32F407VG"]);
    expect(names("nothing of the kind")).toEqual([]);
  });
});
