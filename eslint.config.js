import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "examples/*/generated/", ".sources/"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      // To leave a key out of an object.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-console": "error",
    },
  },
  {
    // A test counts work: what a clock says depends on who else is on the machine.
    files: ["**/*.test.ts", "emulator-tests/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...[
          ["performance", "now"],
          ["Date", "now"],
          ["process", "hrtime"],
          ["process", "uptime"],
          ["process", "cpuUsage"],
          ["process", "resourceUsage"],
        ].map(([object, property]) => ({ object, property, message: "Count work instead of time." })),
      ],
      "no-restricted-globals": ["error", "setTimeout", "setInterval", "setImmediate"],
      "no-restricted-syntax": [
        "error",
        ...[
          "NewExpression[callee.name='Date'][arguments.length=0]",
          "CallExpression[callee.name='Date']",
        ].map((selector) => ({ selector, message: "Count work instead of time." })),
      ],
      "no-restricted-imports": [
        "error",
        { paths: ["node:timers", "node:timers/promises", "node:perf_hooks"] },
      ],
    },
  },
  { files: ["src/cli/**", "scripts/**", "bench/**"], rules: { "no-console": "off" } },
  {
    // Nodes of ts-morph are mixins, which this rule takes for other classes.
    files: ["src/outputs/layout-module/split-decoder.ts"],
    rules: { "@typescript-eslint/no-unsafe-class-instance-assignment": "off" },
  },
  { files: ["**/*.js", "**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
);
