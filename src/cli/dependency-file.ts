/** What generated files are made from, in the words of make and ninja. */

/**
 * The text of a dependency file: `target` is made from `files`. Each file is a target of its own too, so that one that is
 * gone makes the target out of date and not the build fail.
 */
export function dependencyText(target: string, files: readonly string[]): string {
  const names = files.map(escaped);
  return [`${escaped(target)}: ${names.join(" ")}`, ...names.map((name) => `${name}:`), ""].join("\n");
}

/** GNU make: spaces and # behind a backslash, $ doubled. Backslashes of Windows become slashes, which it takes there. */
const escaped = (path: string): string =>
  path.replaceAll("\\", "/").replaceAll("$", "$$$$").replace(/[ #]/g, "\\$&");
