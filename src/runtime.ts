/** What executes this program: the one place that asks, for in a browser there is no `process`. */
export const runtimeVersion = (): string =>
  typeof process === "undefined" ? "0.0.0" : process.versions.node;
