/**
 * What a heap's bytes are before init, by turns: of memory that start-up cleared, of erased flash that was copied, and
 * neither. C that reads where nothing was written yet is right by luck with one of them.
 */
import { paint } from "../emulators/image-regions.js";

const fills = [paint, 0x00, 0xff] as const;

/** @param turn from 0 */
export const heapFill = (turn: number): number => fills[turn % fills.length] ?? paint;
