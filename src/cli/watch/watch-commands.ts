/** The command that runs again whenever an input changes. */
import { runFormats } from "../../report/formats.js";
import {
  baselineOptions,
  configArgument,
  engineOption,
  projectOptions,
  quietOption,
  strictOption,
  writeOptions,
} from "../options.js";

export const watchCommands = {
  watch: {
    description: "Run again whenever the config or a trace changes, and show the report as a page",
    options: {
      ...configArgument,
      ...projectOptions,
      port: {
        kind: "text",
        describe: "Port of 127.0.0.1 where the page is shown, 1 to 65535 (default: one that is free)",
      },
      ...engineOption,
      ...strictOption,
      ...writeOptions,
      ...quietOption,
      ...baselineOptions,
    },
    formats: runFormats,
  },
} as const;
