/** Reads peers: by path, or by the name of one that comes with the package. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { checkShape, type ShapeFault } from "../config/check-shape.js";
import { readDocument, type ConfigDocument } from "../config/document.js";
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { readInputText } from "../input-file.js";
import { packageFolder } from "../package-folder.js";
import { printable } from "../printable.js";
import { nearestWord } from "../suggest.js";
import { checkNames } from "./check-names.js";
import type { Peer, PeerCall } from "./peer.js";
import { peerSchema, type PeerFile } from "./schema.js";

const fileName = "peer.json";

/** The package's own peers. */
export const peersFolder = (): string => join(packageFolder(), "peers");

/** Names of the peers in a folder, sorted: its folders with a peer.json. */
export function listPeers(folder: string = peersFolder()): readonly string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, fileName)))
    .sort();
}

/**
 * A peer by the path of its file or folder, else by the name of one that comes with the package.
 *
 * @param named relative to `workingFolder`
 * @throws AllocGenError, exit code 2: there is none, or every fault of its file
 */
export function loadPeer(named: string, workingFolder: string): Peer {
  const path = resolve(workingFolder, named);
  if (existsSync(path)) {
    return statSync(path).isDirectory()
      ? read(join(path, fileName), join(named, fileName))
      : read(path, named);
  }
  const known = listPeers();
  if (known.includes(named)) return read(join(peersFolder(), named, fileName), `peers/${named}/${fileName}`);
  const looksLikeName = basename(named) === named && !named.endsWith(".json");
  throw new AllocGenError(2, [
    looksLikeName
      ? diagnose("unknown-peer", {
          name: named,
          nearest: nearestWord(named, known),
          allowed: known.join(", "),
        })
      : diagnose("file-missing", { file: named }),
  ]);
}

/** @param file what messages name */
function read(path: string, file: string): Peer {
  return parsePeer(readInputText(path, file), file, dirname(path));
}

/**
 * @param folder what the peer's paths are relative to
 * @throws AllocGenError, exit code 2, with every fault in the order of the text
 */
export function parsePeer(text: string, file: string, folder: string): Peer {
  const document = readDocument(text, file);
  const faults: Diagnostic[] = [...document.faults];
  if (document.sound) {
    const shape = checkShape(peerSchema, document.value);
    faults.push(...shape.map((fault) => placed(fault, document, file)));
  }
  const written = peerSchema.safeParse(document.value).data;
  if (written !== undefined) {
    const names = checkNames(written).map((fault) => ({
      ...fault,
      file,
      ...document.locate(fault.path ?? []),
    }));
    faults.push(...names, ...missingPaths(written, document, file, folder));
  }
  if (faults.length > 0 || written === undefined) {
    throw new AllocGenError(
      2,
      faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    );
  }
  return toPeer(written, file, folder);
}

function placed({ diagnostic, remove, at }: ShapeFault, document: ConfigDocument, file: string): Diagnostic {
  const place =
    at === "key" && remove !== undefined
      ? document.locateKey(remove)
      : document.locate(diagnostic.path ?? []);
  return { ...diagnostic, file, ...place };
}

function missingPaths(
  written: PeerFile,
  document: ConfigDocument,
  file: string,
  folder: string,
): readonly Diagnostic[] {
  const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
  const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
  const check = (key: "sources" | "include", good: (path: string) => boolean): readonly Diagnostic[] =>
    (written[key] ?? []).flatMap((path, index) => {
      if (good(resolve(folder, path))) return [];
      const where = { path: [key, index], file, ...document.locate([key, index]) };
      return [diagnose(key === "sources" ? "file-missing" : "folder-missing", { file: path }, where)];
    });
  return [...check("sources", isFile), ...check("include", isFolder)];
}

function toPeer(written: PeerFile, file: string, folder: string): Peer {
  const {
    name,
    sources,
    include = [],
    flags = [],
    prelude = [],
    heap,
    alignment,
    init,
    malloc,
    free,
    realloc,
    version,
  } = written;
  return {
    name: printable(name),
    ...(version === undefined ? {} : { version: printable(version) }),
    file,
    sources: sources.map((path) => resolve(folder, path)),
    include: include.map((path) => resolve(folder, path)),
    flags,
    prelude,
    heap: heap ?? { kind: "region" },
    alignment,
    ...(init === undefined ? {} : { init: toInit(init) }),
    malloc: toCall(malloc),
    free: toCall(free),
    ...(realloc === undefined ? {} : { realloc: toCall(realloc) }),
  };
}

const toCall = (written: PeerFile["malloc"]): PeerCall =>
  typeof written === "string" ? { function: written } : written;

/** A name is that of a function without arguments. */
function toInit(written: NonNullable<PeerFile["init"]>): NonNullable<Peer["init"]> {
  if (typeof written === "string") return { call: `${written}()` };
  const { call, succeeds } = written;
  return succeeds === undefined ? { call } : { call, succeeds };
}
