/** Which instructions GNU as accepts for a core, asked with objdump's own text. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CoreArchitecture } from "../../src/machine/arm/instruction.js";
import type { Line } from "./disassembly.js";

/** Each architecture with all that the decoder knows of it: the floating-point unit is that of the last core. */
const marches: Readonly<Record<CoreArchitecture, string>> = {
  "ARMv6-M": "armv6s-m",
  "ARMv7-M": "armv7-m",
  "ARMv7E-M": "armv7e-m+fpv5-d16",
  "ARMv8-M Baseline": "armv8-m.base",
  "ARMv8-M": "armv8-m.main+dsp+fp.dp",
};

export const assemblerCores = Object.keys(marches) as readonly CoreArchitecture[];

/** Text that as is not asked, or does not answer as the manuals do. */
const exceptions: readonly { readonly reason: string; readonly text: RegExp }[] = [
  { reason: "as does not mind that ARMv6-M and the Baseline have no FAULTMASK", text: /^cps.*f/ },
  {
    reason: "as lets every core have every special register",
    text: /^m(rs|sr) .*(LIM|_NS|BASEPRI|FAULTMASK)/,
  },
  { reason: "of two encodings with this text as takes the short one", text: /^rsbs r[0-7], r[0-7], #0$/ },
  { reason: "objdump does not show the mask of these", text: /^msr (IAPSR|EAPSR|x?PSR)\b/i },
  { reason: "options of barriers that Armv8-A gave a name", text: /^d[sm]b (osh|nsh|ish)?ld|^p?ssbb/ },
  { reason: "objdump takes bits of a literal's offset for those of LDRT", text: /^ldrs?[bh]?t .*\[pc/ },
  {
    reason: "hints without a name yet are no text for as",
    text: /^(pldw|ldrs?ht?(\.w)? pc|nop\.w \{|nop \{|sevl|esb|bti|aut|pac|dfb)/,
  },
  { reason: "as does not know UDF.W of ARMv6-M (ARMv6-M ARM, Arm DDI 0419, A6.7)", text: /^udf\.w/ },
  { reason: "objdump writes the constant's bits, as wants its value", text: /^vmov\.f\d+ \w+, #/ },
  {
    reason: "objdump writes the 32-bit LSLS, LSRS, ASRS and RORS as MOVS.W, where as wants the shift",
    text: /^movs?\.w/,
  },
];

/** One line of a shape, as text for as. */
export interface Question {
  readonly line: Line;
  readonly text: string;
  readonly isFloat: boolean;
}

/** One of the lines for each text that differs in more than constants, labels and addresses. */
export function questionsOf(lines: Iterable<Line>): readonly Question[] {
  const questions = new Map<string, Question>();
  for (const line of lines) {
    const text = assembly(line);
    const shape = text.replace(/#-?\d+/g, "#");
    if (questions.has(shape) || exceptions.some((exception) => exception.text.test(text))) continue;
    questions.set(shape, { line, text, isFloat: text.startsWith("v") });
  }
  return [...questions.values()];
}

export interface Answer extends Question {
  /** Undefined where as accepts the text. */
  readonly error: string | undefined;
}

/** What as says; floating point is asked only of what has a unit: without one as knows no limits. */
export function askAssembler(
  core: CoreArchitecture,
  folder: string,
  questions: readonly Question[],
): readonly Answer[] {
  const march = marches[core];
  const asked = questions.filter(({ isFloat }) => !isFloat || march.includes("fp"));
  const source = join(folder, "asked.s");
  const header = [".syntax unified", ".thumb"];
  writeFileSync(source, [...header, ...asked.map(({ text }) => text), ""].join("\n"));
  const options = ["-mthumb", `-march=${march}`, "-o", join(folder, "asked.o"), source];
  const { stderr } = spawnSync("arm-none-eabi-as", options, { encoding: "utf8", maxBuffer: 1 << 28 });
  const errors = new Map<number, string>();
  for (const [, number = "", error = ""] of stderr.matchAll(/asked\.s:(\d+): Error: (.*)/g)) {
    errors.set(parseInt(number, 10) - 1 - header.length, error);
  }
  return asked.map((question, index) => ({ ...question, error: errors.get(index) }));
}

const masks: Readonly<Record<string, string>> = { _f: "_nzcvq", _s: "_g", _fs: "_nzcvqg" };

/** objdump's text as as wants it: a label near by, IT with its block, APSR by its name. */
function assembly({ mnemonic, operands }: Line): string {
  if (/^it/.test(mnemonic)) return `it ${operands}; nop${operands}`;
  const near = /^cbn?z/.test(mnemonic) ? ".+4" : ".";
  const named = operands.replace(
    /\bCPSR(_fs|_f|_s)?/,
    (_, mask: string | undefined) => `APSR${masks[mask ?? ""] ?? ""}`,
  );
  const labelled = /^(?!bkpt)(b|cb)/.test(mnemonic) ? named.replace(/0x[0-9a-f]+$/, near) : named;
  return `${mnemonic} ${labelled}`.trimEnd();
}
