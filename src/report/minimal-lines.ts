/** The sequence that shows a difference, told to people: one too long for a screen has its middle left out. */
import type { Mismatch } from "../verify/verification.js";
import { formatCount } from "./table.js";

const most = 40;
const shownFirst = 8;

/** A title, and its lines, indented. */
export function minimalLines({ minimal }: Pick<Mismatch, "minimal">): {
  readonly title: string;
  readonly lines: readonly string[];
} {
  const count = minimal.length;
  const left = count - most;
  const shown =
    left <= 0
      ? minimal
      : [
          ...minimal.slice(0, shownFirst),
          `... ${formatCount(left)} more, all in the JSON report`,
          ...minimal.slice(left + shownFirst),
        ];
  return {
    title: `The shortest sequence found that differs (${formatCount(count)} operation${count === 1 ? "" : "s"}):`,
    lines: shown.map((line) => `  ${line}`),
  };
}
