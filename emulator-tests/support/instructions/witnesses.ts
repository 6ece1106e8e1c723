/** The same cases in JavaScript, in Unicorn and on QEMU's board. */
import { isDeepStrictEqual } from "node:util";
import { jsProcessor } from "../../../src/emulators/js/processor.js";
import { unicornProcessor } from "../../../src/emulators/unicorn/binding.js";
import type { Target } from "../../../src/targets/target.js";
import { agrees, touchesCoreRegisters } from "./agree.js";
import { assembleBoard, outcomesOnBoard } from "./board.js";
import type { Case } from "./cases.js";
import { describeCase, outcomesIn } from "./outcome.js";
import { codeOf, placesOf } from "./places.js";
import { unalignedCases } from "./unaligned.js";

export interface Held {
  /** Differences from either witness, for people. */
  readonly wrong: readonly string[];
  /** Cases that ran to their end. */
  readonly ran: number;
  /** Cases that were tried on the board too. */
  readonly onBoard: number;
}

/** @param cases one in each slot */
export function holdAgainstWitnesses(target: Target, cases: readonly Case[]): Held {
  const board = assembleBoard(target, cases.length);
  const code = codeOf(cases, placesOf(target), board.behind);
  const js = outcomesIn(jsProcessor, target, code, cases);
  const unicorn = outcomesIn(unicornProcessor, target, code, cases);
  const unaligned = unalignedCases(target, code, cases);
  // What would change the board itself is not tried there, and stands in its slot all the same.
  const left = new Set(cases.flatMap((_, slot) => (isLeft(js[slot]) ? [slot] : [])));
  const boards = outcomesOnBoard(
    board,
    code,
    cases.map((one, slot) => ({ ...one, isLeft: left.has(slot) })),
  );
  const wrong = cases.flatMap((one, slot) => {
    const [own, other, real] = [js[slot], unicorn[slot], boards[slot]];
    if (own === undefined || real === undefined) throw new Error("a case without an outcome");
    const isWrong =
      !isDeepStrictEqual(own, other) || (!left.has(slot) && !agrees(own, real, unaligned.has(slot)));
    return isWrong ? [describeCase(one, { js: own, unicorn: other, board: real })] : [];
  });
  return {
    wrong,
    ran: js.filter(({ kind }) => kind === "ran").length,
    onBoard: cases.length - left.size,
  };
}

const isLeft = (outcome: ReturnType<typeof outcomesIn>[number] | undefined): boolean =>
  outcome !== undefined && touchesCoreRegisters(outcome);
