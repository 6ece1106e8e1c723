/** The questions `alloc-gen init` asks on a terminal. */
import { cancel, group, intro, outro, select, text } from "@clack/prompts";
import { nameFault } from "../config/identifiers.js";
import { defaultAnswers, starters, type InitialAnswers } from "../config/initial.js";
import { largestHeap, smallestHeap } from "../config/resolve-heap.js";
import { parseSize, showBytes } from "../config/sizes.js";
import { listTargets } from "../targets/load.js";

/** The answers, or undefined when the user broke off. What is not asked keeps its default. */
export async function askForConfig(): Promise<InitialAnswers | undefined> {
  intro("A new alloc-gen.json");
  const user = { brokeOff: false };
  const answers = await group(
    { name: askName, target: askTarget, heapSize: askSize, policy: askPolicy },
    { onCancel: () => void (user.brokeOff = true) },
  );
  if (user.brokeOff) {
    cancel("Cancelled");
    return undefined;
  }
  outro("Every other value has its default, explained in the file");
  return { ...defaultAnswers, ...answers };
}

const askName = () =>
  text({
    message: "Name of the heap: the prefix of its C functions",
    initialValue: defaultAnswers.name,
    validate: (value) => nameFault(value ?? ""),
  });

const askTarget = () =>
  select({
    message: "Core",
    options: listTargets().map((value) => ({ value })),
    initialValue: defaultAnswers.target,
  });

const askSize = () =>
  text({
    message: "Size of the heap, control data included",
    initialValue: String(defaultAnswers.heapSize),
    validate: sizeFault,
  });

const askPolicy = () =>
  select({
    message: "Policy",
    options: starters.map(({ name, hint }) => ({ value: name, hint })),
    initialValue: defaultAnswers.policy,
  });

/** Why `value` is no size of a heap, or undefined when it is one. Exported for the tests. */
export function sizeFault(value: string | undefined): string | undefined {
  const size = parseSize(value ?? "");
  if (size === undefined) return 'a number of bytes, or one with a unit: "4096", "32KiB", "1MiB"';
  if (size >= smallestHeap && size <= largestHeap && size % defaultAnswers.alignment === 0) return undefined;
  return `${showBytes(smallestHeap)} to ${showBytes(largestHeap)}, a multiple of ${defaultAnswers.alignment}`;
}
