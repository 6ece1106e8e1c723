/** `alloc-gen certify`: how large the heap must be for any program within limits. */
import { certify as certificateOf } from "../../certify/run-certify.js";
import type { Demand } from "../../certify/demand.js";
import { parseSize } from "../../config/sizes.js";
import { makeCertificateReport } from "../../report/certificate-report.js";
import type { Project } from "../../prepare.js";
import { openEngine } from "../../verify/engines.js";
import type { Run, Given } from "../commands.js";
import { findConfig } from "../config-path.js";
import { filesOf, prepareOptions } from "../prepare-options.js";
import { usageError } from "../usage-error.js";

export const certify: Run<"certify"> = async (given, context, output) => {
  const { prepare } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const project = prepare(configPath, prepareOptions(given));
  output.keep(filesOf(configPath, [project], context.folder));
  const report = makeCertificateReport(
    await certificateOf(project, demandOf(given, project), openEngine(given.engine)),
  );
  await output.print(report);
  return report.ok ? 0 : 1;
};

function demandOf(given: Given<"certify">, { loaded, plan }: Project): Demand {
  const { limits } = loaded.config;
  const liveBytes = sizeOf("--live", given.live);
  if (liveBytes === undefined)
    throw usageError("certify needs --live: the most bytes that the program has asked for and not freed");
  const largest = sizeOf("--largest", given.largest) ?? limits.largest;
  if (largest === undefined)
    throw usageError("certify needs --largest, or limits.largest in the config: the largest request");
  const smallest = sizeOf("--smallest", given.smallest) ?? limits.smallest ?? 1;
  const blocks = given.blocks === undefined ? Infinity : countOf("--blocks", given.blocks);
  if (smallest < 1 || smallest > largest)
    throw usageError(`the smallest request, ${smallest} bytes, is not between 1 and the largest, ${largest}`);
  if (largest > liveBytes)
    throw usageError(`the largest request, ${largest} bytes, is above --live, ${liveBytes}`);
  if (limits.largest !== undefined && largest > limits.largest)
    throw usageError(`--largest ${largest} is above the config's limits.largest, ${limits.largest}`);
  if (largest > plan.maximumRequestBytes && limits.largest !== undefined)
    throw usageError(`an empty heap serves at most ${plan.maximumRequestBytes} bytes`);
  return { liveBytes, blocks, smallest, largest };
}

function sizeOf(option: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const size = parseSize(written);
  if (size === undefined || size < 1)
    throw usageError(`${option} ${JSON.stringify(written)} is no size (allowed: 4096, 4KiB, 1MiB)`);
  return size;
}

function countOf(option: string, written: string): number {
  const count = Number(written);
  if (!/^\d+$/.test(written) || count < 1)
    throw usageError(`${option} ${JSON.stringify(written)} is no count (allowed: 1 and more)`);
  return count;
}
