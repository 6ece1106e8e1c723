/**
 * The fetch unit of Cortex-M3 and M4: aligned words, one a cycle, into a FIFO that decode takes instructions from
 * (Arm DDI 0337E, section 1.5). Times are cycles relative to the end of the instruction executed last.
 */
import type { SlowMemory } from "../../cycle-model.js";
import type { Instruction } from "../instruction.js";

export interface FetchState {
  /** No word was asked for since the last branch taken. */
  readonly fresh: boolean;
  /** When the word asked for last was on the bus: its address cycle, plus its wait states. */
  readonly asked: number;
  /** The same of the first word of its flash line. */
  readonly line: number;
  /** When the words before left the FIFO, the newest first. */
  readonly left: readonly number[];
  /** Cycles in which the bus carried the target of a branch that was not taken. */
  readonly lost: readonly number[];
}

/** How far back a time can still matter; older ones are all the same. */
const horizon = -12;

/** The bus idle from cycle `from` on, and the FIFO empty. */
export function freshFetch(from: number, fifoWords: number): FetchState {
  return { fresh: true, asked: from - 1, line: horizon, left: idle(fifoWords), lost: [] };
}

const idle = (words: number): readonly number[] => Array.from({ length: words }, () => horizon);

/** The state with every word of `instruction` asked for; `asked` is when its last one was. */
export function askFor(state: FetchState, { at, size }: Instruction, memory: SlowMemory): FetchState {
  const last = (at + size - 2) >>> 2;
  // A halfword that ends a word came with the instruction before it, or with the jump.
  let next = (at & 2) !== 0 && !state.fresh ? (at >>> 2) + 1 : at >>> 2;
  let current = state;
  for (; next <= last; next += 1) current = askForWord(current, next * 4, (at & 2) !== 0, memory);
  return current;
}

/** `partly`: the word before this one is still in the FIFO, half of it. */
function askForWord(state: FetchState, address: number, partly: boolean, memory: SlowMemory): FetchState {
  const room = state.left.at(partly ? -2 : -1) ?? horizon;
  let cycle = Math.max(state.asked + 1, state.fresh ? horizon : room);
  while (state.lost.includes(cycle)) cycle += 1;
  const isNewLine = state.fresh || address % memory.lineBytes === 0;
  const asked = cycle + (isNewLine ? waitStates(state, address, cycle, memory) : 0);
  return { ...state, fresh: false, asked, line: isNewLine ? asked : state.line };
}

/** Of the first word of a flash line. With prefetch the line is read from the moment the one before it arrived. */
function waitStates({ fresh, line }: FetchState, address: number, cycle: number, memory: SlowMemory): number {
  if (address < memory.start || address >= memory.end) return 0;
  if (fresh || !memory.prefetch) return memory.waitStates;
  return Math.min(memory.waitStates, Math.max(0, line + 1 + memory.waitStates - cycle));
}

/** The state when `instruction` went to decode in `cycle`: the word it ends, if any, leaves the FIFO. */
export function leaveFifo(state: FetchState, { at, size }: Instruction, cycle: number): FetchState {
  const endsWord = size === 4 || (at & 2) !== 0;
  return endsWord ? { ...state, left: [cycle, ...state.left.slice(0, -1)] } : state;
}

/** The state when the bus was not free in `cycle`. */
export const loseSlot = (state: FetchState, cycle: number): FetchState => ({
  ...state,
  lost: [...state.lost, cycle],
});

/** The state with times relative to `end`, and what no longer matters made equal. */
export function rebase(state: FetchState, end: number, keepsLine: boolean): FetchState {
  const shift = (cycle: number): number => Math.max(horizon, cycle - end);
  const asked = shift(state.asked);
  return {
    fresh: state.fresh,
    asked,
    line: keepsLine ? shift(state.line) : horizon,
    left: state.left.map(shift),
    lost: state.lost.map((cycle) => cycle - end).filter((cycle) => cycle > asked),
  };
}

export const fetchKey = ({ fresh, asked, line, left, lost }: FetchState): string =>
  `${fresh ? "fresh" : ""}${asked},${line},${left.join(",")};${lost.join(",")}`;
