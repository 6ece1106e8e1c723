/** The configs of the benches: as a user would write them, with a heap of 32 KiB where nothing else is said. */
import { parseConfigText } from "../src/config/load.js";
import { buildProject, generate, type Project } from "../src/pipeline.js";
import { makePlan } from "../src/policies/make-plan.js";
import { loadTarget } from "../src/targets/load.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import type { Bench } from "../src/verify/equivalence.js";

export interface WrittenConfig {
  /** The key `policy` of a config file. */
  readonly policy: object;
  readonly header?: object;
  readonly target?: string;
  readonly heapBytes?: number;
}

/** @throws AllocGenError, exit code 2, where the config is refused. */
export function benchProject({ policy, header, target: name, heapBytes }: WrittenConfig): Project {
  const config = {
    name: "app_heap",
    target: name ?? "cortex-m4",
    heap: { size: heapBytes ?? 32768, alignment: 8 },
    policy,
    ...(header === undefined ? {} : { header }),
    toolchain: { optimize: "-O2" },
  };
  const loaded = parseConfigText(JSON.stringify(config), "bench.json");
  const target = loadTarget(loaded.config.target);
  return { loaded, target, plan: makePlan(loaded.config, target) };
}

/** What the reference and the image of a project can be compared with. */
export async function benchOf(project: Project): Promise<Bench> {
  const image = await buildProject(project, generate(project));
  return { plan: project.plan, image, engine: unicornEngine(), target: project.target };
}
