/** The process in which works of a search are done. */
import workerpool from "workerpool";
import { AllocGenError } from "../diagnostics.js";
import { readTrace } from "../traces/read.js";
import { openEngine } from "../verify/engines.js";
import { encode } from "./encode.js";
import type { Answer, ProcessRequest } from "./processes.js";
import { TuneWork, type Work } from "./work.js";

let opened: TuneWork | undefined;

/** All requests of a process are of one search: what they share is made with the first. */
async function doWork({ traceFiles, engine, ...request }: ProcessRequest, work: Work): Promise<Answer> {
  try {
    opened ??= new TuneWork({ ...request, traces: traceFiles.map(readTrace) }, openEngine(engine));
    return { result: encode(await opened.do(work)) };
  } catch (error) {
    // Between processes an error keeps only its message.
    if (error instanceof AllocGenError) return { exitCode: error.exitCode, diagnostics: error.diagnostics };
    throw error;
  }
}

// Ctrl-C reaches every process of the terminal: the one that prints ends the others.
process.on("SIGINT", () => undefined);

workerpool.worker({ doWork });
