/** What is wrong with a dump, or with where the heap is in it. */
export const dumpMessages = {
  "dump-size": (p: { readonly found: number; readonly heapBytes: number }) =>
    `the dump has ${p.found} bytes, the heap ${p.heapBytes}: say where the heap begins (--offset, or --base with --address or --elf)`,
  "dump-range": (p: { readonly found: number; readonly from: number; readonly to: number }) =>
    `the dump has bytes 0 to ${p.found}, the heap would be bytes ${p.from} to ${p.to}`,
  "dump-record": (p: { readonly found: string; readonly allowed: string }) =>
    `found ${p.found} (allowed: ${p.allowed})`,
  "dump-contradiction": (p: { readonly address: number; readonly found: string }) =>
    `tells the byte at 0x${p.address.toString(16)} twice: found ${p.found} (allowed: the same)`,
  "dump-lacks": (p: {
    readonly missing: string;
    readonly bytes: number;
    readonly heapBytes: number;
    readonly heap: string;
    readonly has: string;
    readonly ended: boolean;
  }) =>
    `lacks ${p.bytes} of the ${p.heapBytes} bytes of the heap at ${p.heap}: ${p.missing} (it has ${p.has}${p.ended ? "" : ", and breaks off: no record ends it"})`,
  "dump-unplaced": (p: { readonly format: string; readonly has: string; readonly heapBytes: number }) =>
    `is ${p.format} of ${p.has}: say where the ${p.heapBytes} bytes of the heap begin (--address or --elf)`,
  "dump-has-addresses": (p: { readonly format: string; readonly option: string }) =>
    `is ${p.format}, which tells addresses: leave out ${p.option} (raw bytes that begin like it: --from raw)`,
} as const;
