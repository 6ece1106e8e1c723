/** A progress bar on standard error for work that lasts. */
import type { SingleBar } from "cli-progress";
import type { Progress } from "../pipeline.js";
import type { CliContext } from "./context.js";

/** Work below this many milliseconds shows no bar. */
const patience = 1000;

export interface ProgressBar {
  readonly progress: Progress;
  readonly stop: () => void;
}

/** The bar appears with the first report after a second. Stages report synchronously, so no timer is needed. */
export async function makeProgressBar(
  context: CliContext,
  quiet: boolean,
  now: () => number = () => performance.now(),
): Promise<ProgressBar> {
  if (quiet || !context.showsProgress) return { progress: () => undefined, stop: () => undefined };
  const { default: cliProgress } = await import("cli-progress");
  const begin = now();
  let bar: SingleBar | undefined;
  return {
    progress: (stage, done, total) => {
      if (now() - begin < patience) return;
      if (bar === undefined) {
        bar = new cliProgress.SingleBar({
          format: "{stage} [{bar}] {value}/{total}",
          barsize: 30,
          clearOnComplete: true,
          // Its signal handlers would keep Ctrl-C waiting until the emulator returns; without them the cursor stays.
          gracefulExit: false,
          hideCursor: false,
        });
        bar.start(total, done, { stage });
      } else {
        bar.setTotal(total);
        bar.update(done, { stage });
      }
    },
    stop: () => bar?.stop(),
  };
}
