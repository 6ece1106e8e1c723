/** A chip: its core and its RAM. `targets/chips/chips.tsv` has them. */

export interface Region {
  /** As the vendor or the debugger calls it: "CCMRAM". Two regions of a chip may have the same name. */
  readonly name: string;
  /** Address of the first byte. */
  readonly start: number;
  readonly bytes: number;
}

export interface Chip {
  /** As in the table: "STM32F407VG", with "x" where any character may stand. */
  readonly name: string;
  /** The core that runs the application: "cortex-m4". */
  readonly core: string;
  /** At least one; some may be other addresses of the same bytes. */
  readonly regions: readonly Region[];
}

/** Address after the last byte. */
export const endOf = ({ start, bytes }: Pick<Region, "start" | "bytes">): number => start + bytes;

/** Whether the other region has all of this one's bytes. */
export const isWithin = (region: Region, other: Region): boolean =>
  other.start <= region.start && endOf(other) >= endOf(region);
