/** The semihosting calls with which the guest saves its memory and ends the run: the list that `replay.S` makes. */

/** Operation numbers and values of Arm's Semihosting for AArch32 and AArch64, release 2.0. */
const sysOpen = 0x01;
const sysWrite = 0x05;
const sysExit = 0x18;
const modeWriteBinary = 5;
const applicationExit = 0x20026;

/** Guest memory to be saved to a file in QEMU's folder. */
export interface SavedRange {
  readonly address: number;
  readonly bytes: number;
  readonly file: string;
}

/**
 * Write list, arguments and file names into `memory`, which the guest sees at `address`: a multiple of 4. The list
 * begins at `address`.
 */
export function writeHostCalls(memory: Uint8Array, address: number, saved: readonly SavedRange[]): void {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  let at = 0;
  const put = (...words: readonly number[]): void => {
    for (const word of words) {
      view.setUint32(at, word, true);
      at += 4;
    }
  };
  const calls = 2 * saved.length + 1;
  const argumentWords = 3;
  const argument = (call: number): number => address + 4 * (3 * calls + argumentWords * call);
  const ignored = argument(calls);
  const names = ignored + 4;
  const nameAddresses: number[] = [];
  saved.reduce((next, { file }) => (nameAddresses.push(next), next + file.length + 1), names);

  for (const index of saved.keys()) {
    // The handle that opening gives is the first argument of writing.
    put(sysOpen, argument(2 * index), argument(2 * index + 1));
    put(sysWrite, argument(2 * index + 1), ignored);
  }
  put(sysExit, applicationExit, ignored);
  for (const [index, range] of saved.entries()) {
    put(nameAddresses[index] ?? 0, modeWriteBinary, range.file.length);
    put(0, range.address, range.bytes);
  }
  put(0, 0, 0, 0);
  for (const [index, { file }] of saved.entries()) {
    memory.set(Buffer.from(`${file}\0`, "latin1"), (nameAddresses[index] ?? 0) - address);
  }
}
