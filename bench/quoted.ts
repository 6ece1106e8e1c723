/** Figures that others published of allocators whose sources are not to be had, or not in C: nothing here was measured. */

export interface Quoted {
  readonly name: string;
  readonly where: string;
  readonly flashBytes?: number;
  /** As they were published, with their unit. */
  readonly malloc: string;
  readonly free: string;
}

export const quoted: readonly Quoted[] = [
  {
    name: "Segger real-time heap",
    where: "its maker's page, two-level segregated fit, Cortex-M4",
    flashBytes: 664,
    malloc: "at most 125 instructions",
    free: "at most 95 instructions",
  },
  {
    name: "Rust's tlsf",
    where: "its README, thumbv7em",
    malloc: "173 to 292 cycles",
    free: "98 to 237 cycles",
  },
];
