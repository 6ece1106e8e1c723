/** The questions `alloc-gen init` asks on a terminal. */
import { cancel, group, intro, outro, select, text } from "@clack/prompts";
import { defaultAnswers, type InitialAnswers } from "../config/initial.js";
import { listTargets } from "../targets/load.js";

/** The answers, or undefined when the user broke off. */
export async function askForConfig(): Promise<InitialAnswers | undefined> {
  intro("A new alloc-gen.json");
  const user = { brokeOff: false };
  const answers = await group(
    {
      name: () =>
        text({
          message: "Name of the heap: the prefix of its C functions",
          initialValue: defaultAnswers.name,
          validate: (value) => (isIdentifier(value) ? undefined : "letters, digits and _, no digit first"),
        }),
      target: () =>
        select({
          message: "Core",
          options: listTargets().map((name) => ({ value: name })),
          initialValue: defaultAnswers.target,
        }),
      heapSize: () =>
        text({
          message: "Size of the heap",
          initialValue: defaultAnswers.heapSize,
          validate: (value) =>
            /^\d+\s*(B|KiB|MiB)?$/.test(value ?? "") ? undefined : "bytes, or a number with KiB or MiB",
        }),
      policy: () =>
        select<InitialAnswers["policy"]>({
          message: "Policy",
          options: [
            {
              value: "segregated-fit",
              label: "segregated fit",
              hint: "constant time, a table of size classes",
            },
            { value: "sequential-fit", label: "sequential fit", hint: "least control data, time grows" },
          ],
          initialValue: defaultAnswers.policy,
        }),
    },
    { onCancel: () => void (user.brokeOff = true) },
  );
  if (user.brokeOff) {
    cancel("Broken off");
    return undefined;
  }
  outro("Every other value has its default, explained in the file");
  return answers;
}

function isIdentifier(value: string | undefined): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(value ?? "");
}
