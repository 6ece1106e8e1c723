/**
 * What a heap's bytes are before init, by turns: of memory that start-up cleared, of erased flash that was copied, and
 * neither. C that reads where nothing was written yet is right by luck with one of them.
 */
const fills = [undefined, 0x00, 0xff] as const;

/**
 * @param turn from 0
 * @return what each byte is; undefined: bytes that differ
 */
export const heapFill = (turn: number): number | undefined => fills[turn % fills.length];
