/** The table of chips as text: a line has a core, the chips with the same RAM, and that RAM. */
import type { Chip, Region } from "./chip.js";

/** Every chip, in the order of the text. @throws Error where a line is malformed: the table is ours. */
export function parseChips(text: string): readonly Chip[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) =>
    line === "" || line.startsWith("#") ? [] : parseLine(line, index + 1),
  );
}

function parseLine(line: string, number: number): readonly Chip[] {
  const [core = "", names = "", ...ram] = line.split("\t");
  if (core === "" || names === "" || ram.length === 0) throw malformed(number, line);
  const regions = ram.map((text) => parseRegion(text) ?? fail(number, text));
  return names.split(" ").map((name) => ({ name, core, regions }));
}

/** "CCMRAM@0x10000000+65536": the name may have blanks and plus signs. */
function parseRegion(text: string): Region | undefined {
  const [, name, start, bytes] = /^(.+)@(0x[0-9a-f]{8})\+([1-9]\d*)$/.exec(text) ?? [];
  if (name === undefined || start === undefined || bytes === undefined) return undefined;
  return { name, start: Number(start), bytes: Number(bytes) };
}

function fail(number: number, text: string): never {
  throw malformed(number, text);
}

const malformed = (number: number, text: string): Error =>
  new Error(`line ${number} of the table of chips is malformed: ${text}`);
