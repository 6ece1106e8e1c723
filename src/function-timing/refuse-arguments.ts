/** Calls that the core's calling convention has in other places than the machine's others. */
import { AllocGenError, diagnose } from "../diagnostics.js";
import { machineOf } from "../machine/registry.js";
import type { Target } from "../targets/target.js";

/**
 * @param calls the arguments of each
 * @throws AllocGenError with exit code 2: one has more than can be given on the core
 */
export function refuseArguments(
  target: Pick<Target, "architecture" | "name">,
  calls: readonly (readonly unknown[])[],
): void {
  const most = machineOf(target).calls.mostArguments?.(target.architecture);
  if (most === undefined || calls.every(({ length }) => length <= most)) return;
  const what = `a call with more than ${most} arguments, on ${target.name},`;
  throw new AllocGenError(2, [diagnose("not-available", { what, allowed: `${most}` })]);
}
