/** The search for the least size that works, where a larger size may fail although a smaller one works. */

/** Whether a size works. */
export type Works = (size: number) => boolean | Promise<boolean>;

export interface LeastQuestion {
  readonly works: Works;
  /** Nothing below can work. */
  readonly from: number;
  /** Nothing above is tried. */
  readonly to: number;
  /** Distance of the sizes that are tried; they are multiples of it. */
  readonly step: number;
  /** Every size up to this many bytes above the answer must work too. */
  readonly window: number;
  /** Distance of the sizes that are tried in the window: a multiple of `step`, by default `step` itself. */
  readonly windowStep?: number;
  /** What the answer is thought to be: tried first, and taken where it works and one step less fails. */
  readonly guess?: number;
  /** Where the answer is thought to be about: the search begins there and goes outwards. */
  readonly near?: number;
}

/**
 * The least size from which on all that were tried in the window work, while the size one step below fails or is below
 * `from`. Undefined where no size up to `to` works.
 */
export async function leastSize(question: LeastQuestion): Promise<number | undefined> {
  const { to, step, window, windowStep = step } = question;
  const start = Math.ceil(question.from / step) * step;
  let good = (await isEdge(question, start)) ? question.guess : await leastFrom(question, start);
  for (let size = (good ?? to) + windowStep; good !== undefined; size += windowStep) {
    if (size > Math.min(good + window, to)) break;
    if (await question.works(size)) continue;
    // A failure above moves the answer behind it, and the window with it.
    good = await leastFrom(question, size + step);
    size = good ?? to;
  }
  return good;
}

/** A size that works while one step less does not, as a binary search finds it. */
export interface Edge {
  readonly size: number;
  /** Present where a larger size fails: the size from which on all work that were tried; `to` where there is none. */
  readonly steadyFrom?: number;
}

/** As one asks of an allocator that is known by its runs alone: the window is not looked at before there is an edge. */
export async function leastEdge(question: LeastQuestion): Promise<Edge | undefined> {
  const size = await leastSize({ ...question, window: 0 });
  if (size === undefined) return undefined;
  const { to, step, window, windowStep, works } = question;
  const beyond = { to, step, window, works, from: size, ...(windowStep === undefined ? {} : { windowStep }) };
  const steadyFrom = await leastSize(beyond);
  return { size, ...(steadyFrom === size ? {} : { steadyFrom: steadyFrom ?? to }) };
}

/** Whether the guess works, and nothing a step below it. */
async function isEdge({ guess, works, step, to }: LeastQuestion, start: number): Promise<boolean> {
  if (guess === undefined || guess < start || guess > to || guess % step !== 0) return false;
  return (await works(guess)) && (guess === start || !(await works(guess - step)));
}

/** The least size from `start` on, a multiple of the step that may work, as if larger sizes never failed. */
async function leastFrom(question: LeastQuestion, start: number): Promise<number | undefined> {
  const { works, step, near } = question;
  const around = near === undefined || near <= start ? undefined : await bracketAround(question, start, near);
  const first = around === undefined ? await firstThatWorks(question, start) : around.good;
  if (first === undefined || first === start) return first;
  let [bad, good] = [around?.bad ?? start - step, first];
  while (good - bad > step) {
    const middle = bad + Math.floor((good - bad) / step / 2) * step;
    if (await works(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Part of the size by which the search goes outwards at first; then twice as far each time. */
const outwards = 1 / 256;

/** A size that works and a smaller one that does not, or is below the start. Undefined `good`: the largest does not work. */
async function bracketAround(
  { works, to, step }: LeastQuestion,
  start: number,
  near: number,
): Promise<{ readonly bad: number; readonly good: number | undefined }> {
  const largest = Math.floor(to / step) * step;
  const middle = Math.min(largest, Math.floor(near / step) * step);
  let by = Math.max(step, Math.round((middle * outwards) / step) * step);
  if (middle < start) return { bad: start - step, good: undefined };
  let at = middle;
  if (await works(middle)) {
    for (let good = middle; ; good = at, by *= 2) {
      at = good - by;
      if (at < start) return { bad: start - step, good };
      if (!(await works(at))) return { bad: at, good };
    }
  }
  for (let bad = middle; bad < largest; bad = at, by *= 2) {
    at = Math.min(largest, bad + by);
    if (await works(at)) return { bad, good: at };
  }
  return { bad: largest, good: undefined };
}

/** Of sizes that grow by a quarter, the first that works; the largest one is tried too. */
async function firstThatWorks(
  { works, to, step }: LeastQuestion,
  start: number,
): Promise<number | undefined> {
  const largest = Math.floor(to / step) * step;
  for (let size = start; size <= largest;) {
    if (await works(size)) return size;
    if (size === largest) return undefined;
    size = Math.min(largest, size + Math.max(step, Math.ceil(size / 4 / step) * step));
  }
  return undefined;
}
