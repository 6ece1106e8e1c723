/** objdump's text, line by line. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const run = (command: string, ...values: readonly string[]): string =>
  execFileSync(command, values, { encoding: "utf8", maxBuffer: 1 << 28 });

/** "   1a:	f000 f802 	bl	22 <f>" */
export interface Line {
  readonly at: number;
  readonly halfwords: readonly number[];
  readonly mnemonic: string;
  /** Without the comment that follows "@". */
  readonly operands: string;
  readonly comment: string;
}

export function* linesOf(disassembly: string): Generator<Line> {
  for (const match of disassembly.matchAll(
    /^ *([0-9a-f]+):\t([0-9a-f]{4}(?: [0-9a-f]{4})?) *\t([^\t\n]*)\t?([^\n]*)$/gm,
  )) {
    const [, at = "", code = "", mnemonic = "", rest = ""] = match;
    const halfwords = code.split(" ").map((half) => parseInt(half, 16));
    const [operands = "", comment = ""] = rest.split(/\s*@ ?/);
    const place = { at: parseInt(at, 16), halfwords };
    // MOV R8, R8 is shown as the NOP that it was used for.
    if (comment === "(mov r8, r8)") yield { ...place, mnemonic: "mov", operands: "r8, r8", comment: "" };
    else yield { ...place, mnemonic, operands: operands.trim(), comment };
  }
}

export const encodingText = ({ halfwords }: Line): string =>
  halfwords.map((half) => half.toString(16).padStart(4, "0")).join(" ");

export const textOf = (line: Line): string =>
  `${encodingText(line)} ${line.mnemonic} ${line.operands} ${line.comment}`.trimEnd();

/**
 * The text of halfwords as Thumb code from address 0 on, for ARMv8-M with its Main Extension, which has what the older
 * architectures have.
 */
export function disassembleThumb(folder: string, halfwords: readonly number[]): readonly Line[] {
  const file = join(folder, "code.bin");
  const bytes = Buffer.alloc(2 * halfwords.length);
  halfwords.forEach((halfword, index) => bytes.writeUInt16LE(halfword, 2 * index));
  writeFileSync(file, bytes);
  const thumb = ["-b", "binary", "-m", "armv8-m.main", "-M", "force-thumb", "-D", "-z"];
  return [...linesOf(run("arm-none-eabi-objdump", ...thumb, file))];
}
