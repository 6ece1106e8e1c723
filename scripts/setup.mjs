// All the set-up a fresh clone needs, asking nothing: npm packages, dist/, and the tools `alloc-gen doctor` misses.
// --tests adds what only alloc-gen's own tests need. Quiet when all is there. Uses nothing but Node itself, for it is
// what installs the rest.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, isStale } from "./build.mjs";
import { fetchSources } from "./fetch-sources.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const forTests = process.argv.includes("--tests");

function fail(message, code) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(code);
}

function say(message) {
  process.stderr.write(`setup: ${message}\n`);
}

/** Runs a program with its messages on our standard error; false when it failed. */
function run(program, words, env = {}) {
  const options = { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", 2, 2] };
  return spawnSync(program, words, options).status === 0;
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Node 20.19 or later is needed, this is ${process.versions.node} (https://nodejs.org/en/download)`, 3);
}

function readLock(file) {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).packages ?? {}) : {};
}

/** Whether node_modules holds what package-lock.json says. npm writes its own list last, so half an install shows. */
function hasPackages() {
  const installed = readLock(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(readLock(join(root, "package-lock.json"))).every(
    ([name, entry]) => name === "" || entry.optional || installed[name]?.version === entry.version,
  );
}

/** Install scripts are not run: koffi and esbuild bring prebuilt binaries, and newer versions of npm ask about them. */
function installPackages() {
  if (hasPackages()) return;
  say("installing npm packages");
  const words = ["ci", "--include=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  if (!run("npm", words)) fail("npm ci failed", 3);
}

function buildProgram() {
  if (!isStale()) return;
  say("compiling");
  if (!build()) fail("the TypeScript does not compile", 1);
}

/** What `alloc-gen doctor` finds: it alone knows what is needed. */
function doctor() {
  const words = [join(root, "dist", "cli", "main.js"), "doctor", "--json"];
  const { stdout, stderr } = spawnSync(process.execPath, forTests ? [...words, "--development"] : words, {
    encoding: "utf8",
  });
  try {
    return JSON.parse(stdout);
  } catch {
    return fail(`alloc-gen doctor failed: ${stderr.trim()}`, 3);
  }
}

/** Words before a command that make it root's; undefined where that cannot be had without a password. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : undefined;
}

function hasApt() {
  return spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
}

/** Without a witness alloc-gen works, so that to miss it is no failure. */
const missingOf = ({ requirements }) =>
  requirements.filter(({ ok, neededFor }) => !ok && (forTests || neededFor !== "development"));

function installTools() {
  const missing = missingOf(doctor());
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap((requirement) => requirement.packages.apt ?? []))];
  const prefix = asRoot();
  if (packages.length > 0 && prefix !== undefined && hasApt()) {
    say(`installing ${packages.join(", ")} with apt-get (this can take some minutes)`);
    const apt = (...words) => {
      const [program, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...words];
      return run(program, rest);
    };
    // A failed update may concern a source we do not need: the install decides.
    apt("update", "--quiet");
    apt("install", "--yes", "--quiet", "--no-install-recommends", ...packages);
  }
  const sources = missing.flatMap((requirement) => requirement.packages.aptSource ?? []);
  if (sources.length > 0 && hasApt()) {
    say(`fetching the sources of ${sources.join(", ")} with apt-get`);
    fetchSources(sources);
  }
  const left = doctor();
  const names = missingOf(left).map(({ name }) => name);
  if (left.ok) {
    if (names.length > 0) say(`no second engine will witness runs: ${names.join(", ")} is missing`);
    return;
  }
  const { apt, brew, npm } = left.remedies;
  const advice = [
    ...(npm === undefined ? [] : [`  anywhere:       ${npm}`]),
    ...(apt === undefined ? [] : [`  Debian, Ubuntu: ${apt}`]),
    ...(brew === undefined ? [] : [`  macOS:          ${brew}`]),
  ];
  fail([`missing: ${names.join(", ")}. Install with`, ...advice].join("\n"), 3);
}

checkNode();
installPackages();
buildProgram();
installTools();
