/** The Pareto front: configs than which no other is better in everything, as few as one can look at. */

export const objectives = ["ram", "worst", "mean", "flash"] as const;
export type Objective = (typeof objectives)[number];

/** Less is better; infinite where it is not known. */
export type Figures = Readonly<Record<Objective, number>>;

/** What differs by less is the same: of RAM so much is chance. */
const resolution: Figures = { ram: 0.01, worst: 0.02, mean: 0.02, flash: 0.02 };

/** Whether the first is no worse in anything, and better in something, as far as differences count. */
export function dominates(first: Figures, second: Figures): boolean {
  const noWorse = objectives.every((name) => first[name] <= second[name] * (1 + resolution[name]));
  const clearly = objectives.some((name) => first[name] < second[name] * (1 - resolution[name]));
  return noWorse && clearly;
}

/**
 * Those that no other dominates, at most so many: the best in each objective, and of the others those that lie furthest from
 * all that were taken. In the order of one objective, the best first.
 */
export function paretoFront<Item>(
  items: readonly Item[],
  figuresOf: (item: Item) => Figures,
  most: number,
  minimise: Objective,
): readonly Item[] {
  const all = items.map((item) => ({ item, figures: figuresOf(item) }));
  const front: (typeof all)[number][] = [];
  const rising = all.toSorted((left, right) => compareBy(minimise, left.figures, right.figures));
  for (const each of rising) {
    const isBeaten = all.some(({ figures }) => dominates(figures, each.figures));
    const isKnown = front.some(({ figures }) => isSame(figures, each.figures));
    if (!isBeaten && !isKnown) front.push(each);
  }
  const taken = new Set(
    objectives.flatMap((name) =>
      front.toSorted((left, right) => compareBy(name, left.figures, right.figures)).slice(0, 1),
    ),
  );
  while (taken.size < Math.min(most, front.length)) {
    const distance = ({ figures }: (typeof all)[number]): number =>
      Math.min(...[...taken].map((other) => distanceOf(figures, other.figures)));
    const left = front.filter((each) => !taken.has(each));
    const next = left.reduce((best, each) => (distance(each) > distance(best) ? each : best));
    taken.add(next);
  }
  return front.filter((each) => taken.has(each)).map(({ item }) => item);
}

/** By one objective, then by the others in their order. */
function compareBy(first: Objective, left: Figures, right: Figures): number {
  for (const name of [first, ...objectives]) {
    if (left[name] !== right[name]) return left[name] < right[name] ? -1 : 1;
  }
  return 0;
}

const isSame = (left: Figures, right: Figures): boolean =>
  objectives.every(
    (name) =>
      left[name] === right[name] || Math.abs(left[name] - right[name]) <= resolution[name] * right[name],
  );

/** As ratios count. */
const distanceOf = (left: Figures, right: Figures): number =>
  objectives.reduce((sum, name) => {
    const ratio = Math.log(left[name] / right[name]);
    return sum + (Number.isFinite(ratio) ? Math.abs(ratio) : left[name] === right[name] ? 0 : 4);
  }, 0);
