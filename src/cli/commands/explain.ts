/** `alloc-gen explain`: the plan, drawn, and the price of each choice. */
import { explainChoices } from "../../plan/draw.js";
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import { filesOf, prepareOptions } from "../prepare-options.js";

export const explain: Run<"explain"> = async (given, context, output) => {
  const { prepare } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const project = prepare(configPath, prepareOptions(given));
  output.keep(filesOf(configPath, [project], context.folder));
  const { plan } = project;
  await output.print({ version: 1, plan, choices: explainChoices(plan) });
  return 0;
};
