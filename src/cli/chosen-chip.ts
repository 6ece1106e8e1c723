/** A chip that the command line names, where no config is read. */
import type { Chip } from "../chips/chip.js";
import { targetOfCore } from "../chips/cores.js";
import { coresOf } from "../chips/facts.js";
import { findChip } from "../chips/find.js";
import { allChips } from "../chips/read.js";
import { chipFault, noTarget } from "../config/resolve-chip.js";
import { AllocGenError } from "../diagnostics.js";
import { listTargets } from "../targets/load.js";
import { usageError } from "./usage-error.js";

/** @throws AllocGenError (exit code 2) where no chip has the name, or several that differ. */
export function chipNamed(written: string): Chip {
  const found = findChip(written, allChips());
  if (found.kind === "chip") return found.chip;
  throw new AllocGenError(2, [{ ...chipFault(written, found), file: "--chip" }]);
}

/** The chip's target. @throws AllocGenError (exit code 2) where there is none yet; it names the nearest. */
export function targetOfChip(chip: Chip): string {
  const found = targetOfCore(chip.core, listTargets());
  if (found.kind === "target") return found.name;
  throw new AllocGenError(2, [{ ...noTarget(chip, found), file: "--chip" }]);
}

/**
 * The target that is meant by --target and --chip; undefined where neither is given.
 * @throws AllocGenError (exit code 2) where they contradict each other, or the chip has no target
 */
export function targetOf({
  target,
  chip: written,
}: {
  readonly target: string | undefined;
  readonly chip: string | undefined;
}): string | undefined {
  if (written === undefined) return target;
  const chip = chipNamed(written);
  if (target === undefined) return targetOfChip(chip);
  const cores = coresOf(chip);
  if (cores.includes(target)) return target;
  throw usageError(`--target is ${target}, and ${chip.name} has a ${cores.join(" and a ")}`);
}
