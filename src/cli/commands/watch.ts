/** `alloc-gen watch [config]`: the main job again and again, and its report as a page that follows. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AllocGenError, formatDiagnostics } from "../../diagnostics.js";
import { runPage } from "../../report/page/run-page.js";
import type { Report } from "../../report/report.js";
import type { Run } from "../commands.js";
import { findConfig } from "../config-path.js";
import type { ReportOutput } from "../output.js";
import { filesOf, prepareOptions } from "../prepare-options.js";
import { usageError } from "../usage-error.js";
import { changesOf } from "../watch/changes.js";
import { servePage } from "../watch/page-server.js";
import { repeat } from "../watch/repeat.js";
import { mainJob } from "./main-job.js";

/** Ends when the process is told to. What a run finds wrong is told, and the next change may mend it. */
export const watch: Run<"watch"> = async (given, context, output) => {
  const { prepareHeaps } = await context.pipeline();
  const configPath = findConfig(given.config, context.folder);
  const { ended = new AbortController().signal } = context;
  const server = await servePage(portOf(given.port));
  context.err(`The report is shown at ${server.url}\n`);
  const shown: ReportOutput<Report> = {
    keep: (paths) => output.keep(paths),
    drawsRuns: () => Promise.resolve(true),
    print: async (report) => {
      await output.print(report);
      server.show(runPage.print(report));
    },
  };
  try {
    await repeat({
      inputs: () =>
        inputsOf(() => prepareHeaps(configPath, prepareOptions(given)), configPath, context.folder),
      changesOf: (paths) => changesOf(paths, ended),
      contentOf,
      run: async () => {
        try {
          await mainJob(given, context, shown);
        } catch (error) {
          if (!(error instanceof AllocGenError)) throw error;
          for (const text of formatDiagnostics(error.diagnostics)) context.err(`alloc-gen: ${text}\n`);
        }
        context.err("Waiting for a change of the config or a trace.\n");
      },
    });
  } finally {
    server.close();
  }
  return 0;
};

/** Of a config that has faults, the config alone. */
function inputsOf(
  prepared: () => { readonly projects: Parameters<typeof filesOf>[1] },
  configPath: string,
  folder: string,
): readonly string[] {
  try {
    return filesOf(configPath, prepared().projects, folder);
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    return [resolve(folder, configPath)];
  }
}

/** Of a file that is not there, nothing. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(port >= 1 && port <= 65_535)) throw usageError(`--port ${text} is no port (allowed: 1 to 65535)`);
  return port;
}
