/**
 * What manuals say of regions and chips, with the place where they say it. Only what was read there is here: of all else
 * nothing is known. Where no manual was at hand, the source is who says it.
 */

export interface RegionFacts {
  /** Whether the general DMA controllers reach it. */
  readonly dma: boolean;
  /** Which do, as a sentence. */
  readonly reach: string;
  /** Manual and section, or who else says so. */
  readonly source: string;
}

interface RegionRule extends RegionFacts {
  readonly chips: RegExp;
  readonly region: RegExp;
}

const cpuOnly = { dma: false, reach: "The CPU alone reaches it, no DMA does." } as const;
const allDma = { dma: true, reach: "DMA reaches it." } as const;

/** The first rule of a chip and a region is its rule. */
const regionRules: readonly RegionRule[] = [
  { chips: /^STM32F4[0-3]/, region: /^CCMRAM$/, ...cpuOnly, source: "ST RM0090, 2.1" },
  { chips: /^STM32F4[67]9/, region: /^CCMRAM$/, ...cpuOnly, source: "ST RM0386, 2.1" },
  { chips: /^STM32F4(?:[01][57]|[23][79])/, region: /^SRAM/, ...allDma, source: "ST RM0090, 2.1" },
  { chips: /^STM32F4[67]9/, region: /^SRAM/, ...allDma, source: "ST RM0386, 2.1" },
  { chips: /^STM32F412/, region: /^SRAM/, ...allDma, source: "ST RM0402, 2.1" },
  { chips: /^STM32F4[12]3/, region: /^SRAM/, ...allDma, source: "ST RM0430, 2.1" },
  { chips: /^STM32F446/, region: /^SRAM/, ...allDma, source: "ST RM0390, 2.1" },
  { chips: /^STM32F3(?:03|28|34|58|98)/, region: /^CCMRAM$/, ...cpuOnly, source: "ST AN4296" },
  { chips: /^STM32F3[01][18]/, region: /^SRAM$/, ...allDma, source: "ST RM0366, 2.1" },
  { chips: /^STM32G4/, region: /^(?:SRAM[12]|CCMRAM_DCODE)$/, ...allDma, source: "ST RM0440, 2.4" },
  { chips: /^STM32L4[789A]/, region: /^SRAM2?$/, ...allDma, source: "ST RM0351, 2.1" },
  { chips: /^STM32WLE/, region: /^SRAM[12]$/, ...allDma, source: "ST RM0461, 2.1" },
  { chips: /^STM32F0[34579]/, region: /^SRAM$/, ...allDma, source: "ST RM0091 and RM0360, 2.1" },
  // The manuals' figures do not tell who uses the slave port; two projects have tried it.
  {
    chips: /^STM32F7/,
    region: /^DTCM$/,
    dma: true,
    reach: "DMA reaches it, through the core's slave port.",
    source: "modm issue 881, Zephyr pull request 17123",
  },
  { chips: /^STM32F7[45]/, region: /^SRAM$/, ...allDma, source: "ST RM0385, 2.1" },
  { chips: /^STM32F7[67]/, region: /^SRAM$/, ...allDma, source: "ST RM0410, 2.1" },
  { chips: /^STM32F7[23]/, region: /^SRAM$/, ...allDma, source: "ST RM0431, 2.1" },
  // Of the chips with the domains D1, D2 and D3: STM32H7A and H7B have others, and two BDMAs.
  ...[
    {
      region: /^DTCM$/,
      dma: false,
      reach: "Of the DMA controllers only the MDMA reaches it.",
    },
    {
      region: /^(?:AXISRAM|SRAM[123])$/,
      dma: true,
      reach: "DMA1, DMA2 and MDMA reach it, BDMA does not.",
    },
    { region: /^SRAM4$/, dma: true, reach: "Every DMA reaches it, BDMA too." },
  ].map((rule) => ({
    chips: /^STM32H7[2-5]/,
    ...rule,
    source: 'ST FAQ "DMA is not working on STM32H7 devices"',
  })),
  // The specifications of these two were read; the others have the same addresses.
  {
    chips: /^nRF528/,
    region: /^RAM$/,
    ...allDma,
    source: "Nordic nRF52832 and nRF52810 Product Specifications, EasyDMA",
  },
  { chips: /^RP2040/, region: /^RAM$/, ...allDma, source: "Raspberry Pi RP2040 Datasheet, 2.6.2" },
];

/** What is known of a region of a chip; undefined: nothing. */
export function factsOf(chip: string, region: string): RegionFacts | undefined {
  const rule = regionRules.find((known) => known.chips.test(chip) && known.region.test(region));
  return rule === undefined ? undefined : { dma: rule.dma, reach: rule.reach, source: rule.source };
}

/** Addresses at which the bytes of another region appear a second time. */
const aliasRules: readonly {
  readonly chips: RegExp;
  readonly starts: (start: number) => boolean;
  readonly source: string;
}[] = [
  {
    chips: /^RP2040/,
    starts: (start) => start >= 0x21000000,
    source: "Raspberry Pi RP2040 Datasheet, 2.6.2: a mirror that is not striped",
  },
  {
    chips: /^nRF528/,
    starts: (start) => start < 0x20000000,
    source: "Nordic nRF52810 Product Specification, Memory: Code RAM and Data RAM are the same bytes",
  },
];

/** Whether a manual says that the region has the bytes of another. */
export const isMirror = (chip: string, start: number): boolean =>
  aliasRules.some((rule) => rule.chips.test(chip) && rule.starts(start));

interface ChipNote {
  readonly chips: RegExp;
  readonly note: string;
  /** Cores that a program of the user's may run on, besides the one in the table. */
  readonly otherCores?: readonly string[];
  readonly source: string;
}

const keptInStandby = "SRAM2 can be kept in Standby mode (RRS in PWR_CR3).";
const twoCores = "Two cores. A heap belongs to one of them: no lock of the C excludes the other.";

const chipNotes: readonly ChipNote[] = [
  {
    chips: /^STM32L4[1-9A]/,
    note: keptInStandby,
    source: "ST HAL driver stm32l4xx_hal_pwr.c, HAL_PWR_EnterSTANDBYMode",
  },
  {
    chips: /^STM32G4/,
    note: keptInStandby,
    source: "ST RM0440, 6.1.4",
  },
  {
    chips: /^MIMXRT10[1-6]|^MIMXRT11[67]/,
    note: "ITCM, DTCM and OCRAM, or a part of it, are banks of one FlexRAM, which a program divides: compare the sizes.",
    source: "NXP AN12077, 2",
  },
  {
    chips: /^STM32H7[45][57]/,
    note: twoCores,
    otherCores: ["cortex-m4"],
    source: "ST RM0399",
  },
  {
    // CY8C63 with -BLF has the Cortex-M4 alone.
    chips: /^(?:CY8C62|CY8C63.*-BLD|CYB06|CYS06)/,
    note: twoCores,
    otherCores: ["cortex-m4", "cortex-m0plus"],
    source: "Infineon AN215656",
  },
  {
    chips: /^RP2040|^RP235/,
    note: "Two cores of the same kind. A heap belongs to one of them: no lock of the C excludes the other.",
    source: "Raspberry Pi RP2040 and RP2350 Datasheets",
  },
];

/** What else is to be known of a chip. */
export const notesOf = (chip: string): readonly { readonly note: string; readonly source: string }[] =>
  chipNotes.filter(({ chips }) => chips.test(chip)).map(({ note, source }) => ({ note, source }));

/** The cores that a program may run on, that of the table first. */
export function coresOf({ name, core }: { readonly name: string; readonly core: string }): readonly string[] {
  const others = chipNotes
    .filter(({ chips }) => chips.test(name))
    .flatMap(({ otherCores = [] }) => otherCores);
  return [core, ...others.filter((other) => other !== core)];
}
