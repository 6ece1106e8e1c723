/** All generated workloads. */
import type { WorkloadName } from "../../config/config.js";
import { bimodal } from "./bimodal.js";
import { exhaustion } from "./exhaustion.js";
import { fifo } from "./fifo.js";
import { holes } from "./holes.js";
import { lifo } from "./lifo.js";
import { mixed } from "./mixed.js";
import { powerLaw } from "./power-law.js";
import { uniform } from "./uniform.js";
import type { Workload } from "./workload.js";

export const workloads = {
  uniform,
  bimodal,
  "power-law": powerLaw,
  lifo,
  fifo,
  holes,
  exhaustion,
  mixed,
} satisfies Record<WorkloadName, Workload>;
