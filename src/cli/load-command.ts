/** Where each command's code lives. It is loaded when it runs, so that `--help` stays quick. */
import type { CommandName, Run } from "./commands.js";

export const loadCommand: { readonly [Name in CommandName]: () => Promise<Run<Name>> } = {
  main: async () => (await import("./commands/main-job.js")).mainJob,
  generate: async () => (await import("./commands/generate.js")).generate,
  verify: async () => (await import("./commands/verify.js")).verify,
  watch: async () => (await import("./commands/watch.js")).watch,
  compare: async () => (await import("./commands/compare.js")).compare,
  size: async () => (await import("./commands/size.js")).size,
  tune: async () => (await import("./commands/tune.js")).tune,
  certify: async () => (await import("./commands/certify.js")).certify,
  explain: async () => (await import("./commands/explain.js")).explain,
  inspect: async () => (await import("./commands/inspect.js")).inspect,
  time: async () => (await import("./commands/time.js")).time,
  mutate: async () => (await import("./commands/mutate.js")).mutate,
  "trace import": async () => (await import("./commands/trace-import.js")).traceImport,
  "trace info": async () => (await import("./commands/trace-info.js")).traceInfo,
  "trace anonymise": async () => (await import("./commands/trace-anonymise.js")).traceAnonymise,
  "trace cut": async () => (await import("./commands/trace-cut.js")).traceCut,
  "trace merge": async () => (await import("./commands/trace-merge.js")).traceMerge,
  targets: async () => (await import("./commands/targets.js")).targets,
  chips: async () => (await import("./commands/chips.js")).chips,
  init: async () => (await import("./commands/init.js")).init,
  doctor: async () => (await import("./commands/doctor.js")).doctor,
};
