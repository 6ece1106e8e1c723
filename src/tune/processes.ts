/** Processes that do works of a search, as many as there are processors, kept from one work to the next. */
import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { AllocGenError, type Diagnostic, type FailureExitCode } from "../diagnostics.js";
import type { EngineChoice } from "../emulators/engine.js";
import { decode } from "./encode.js";
import type { Hands } from "./hands.js";
import type { ResultOf, Work, WorkRequest } from "./work.js";

/** What a process must know: traces by their files, for they are long. */
export interface ProcessRequest extends Omit<WorkRequest, "traces" | "policies"> {
  /** Absolute paths. */
  readonly traceFiles: readonly string[];
  readonly engine: EngineChoice;
}

/** What a process sends: the result, encoded, or the error that ends the search. */
export type Answer =
  | { readonly result: string }
  | { readonly exitCode: FailureExitCode; readonly diagnostics: readonly Diagnostic[] };

export interface ProcessesOptions {
  readonly processes: number;
  /** Of the processes' node; by default this one's. */
  readonly execArgv?: readonly string[];
}

/** Source where this file is source, for tsx runs it; else built. */
const script = fileURLToPath(import.meta.url).replace(/processes(\.[jt]s)$/, "work-process$1");

export function processHands(
  request: ProcessRequest,
  { processes, execArgv = process.execArgv }: ProcessesOptions,
): Hands {
  const pool = workerpool.pool(script, {
    workerType: "process",
    maxWorkers: processes,
    forkOpts: { execArgv },
  });
  return {
    async do<Asked extends Work>(work: Asked) {
      const answer = await pool.exec<(request: ProcessRequest, work: Work) => Answer>("doWork", [
        request,
        work,
      ]);
      if ("result" in answer) return decode(answer.result) as ResultOf<Asked>;
      throw new AllocGenError(answer.exitCode, answer.diagnostics);
    },
    async close() {
      await pool.terminate(true);
    },
  };
}
