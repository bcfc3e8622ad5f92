// One folder for each connector with one file for each value, for Kafka's DirectoryConfigProvider, laid as Kubernetes lays
// its secrets: the files are in a folder of their own, `..data` leads to it, and each key is a link through `..data`. One
// rename of that link changes all values of a connector at once; a worker never sees half of them.
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { SecretregError } from '../../errors.ts';
import { syncFolder } from '../../store/private-folder.ts';
import { reasonOf } from '../system-reason.ts';
import { byConnector, type Delivered, type Delivery, type DeliveryOptions } from './delivery.ts';
import { fileNameProblem, placeProblems, refused, requireFolder } from './folder.ts';

export function directoryDelivery({ place, provider, now }: DeliveryOptions): Delivery {
  return {
    referenceTo: (connector, key) => `\${${provider}:${join(place, connector)}:${key}}`,
    problems: (all) => [...placeProblems(place), ...nameProblems(all)],
    write(all) {
      const folders = [...byConnector(all)].map(([name, own]) => ({ at: join(place, name), own }));
      requireFolder(place);
      // All of them are looked at before the first one is changed.
      for (const { at, own } of folders) requireOurs(at, own);
      return folders.map(({ at, own }) => {
        return { place: at, count: own.length, changed: writeFolder(at, own, now) };
      });
    },
    workerLine: `config.providers.${provider}.param.allowed.paths=${place}`,
  };
}

function nameProblems(all: readonly Delivered[]): string[] {
  const connectors = [...byConnector(all).keys()].flatMap((connector) => {
    const problem = fileNameProblem(connector);
    return problem === undefined ? [] : `connector '${connector}': ${problem}`;
  });
  const keys = all.flatMap(({ connector, key }) => {
    const problem = fileNameProblem(key);
    return problem === undefined ? [] : `key '${key}' of '${connector}': ${problem}`;
  });
  return [...connectors, ...keys];
}

const DATA = '..data';

/** What somebody else has put in the place of a key is not replaced: nobody knows what it is for. */
function requireOurs(folder: string, own: readonly Delivered[]): void {
  requireFolder(folder);
  for (const { key } of own) {
    const file = join(folder, key);
    const there = lstatSync(file, { throwIfNoEntry: false });
    if (there !== undefined && !isOurs(file))
      throw refused(file, 'something is there that render has not made');
  }
}

/** Answers false, with nothing changed, where the folder has these values. Fails with file-not-writable. */
function writeFolder(folder: string, own: readonly Delivered[], now: Date): boolean {
  try {
    const before = generationOf(folder);
    const isSame = before !== undefined && holds(join(folder, before), own);
    if (!isSame) replaceGeneration(folder, own);
    const changed = linkKeys(folder, own) || !isSame;
    if (changed) syncFolder(folder);
    removeOld(folder, isSame ? undefined : before, now);
    return changed;
  } catch (error) {
    throw error instanceof SecretregError ? error : refused(folder, reasonOf(error), error);
  }
}

function isOurs(file: string): boolean {
  return linkAt(file)?.startsWith(`${DATA}/`) === true;
}

function linkAt(file: string): string | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()
    ? readlinkSync(file)
    : undefined;
}

/** The folder that `..data` leads to; undefined unless that is one in this folder. */
function generationOf(folder: string): string | undefined {
  const link = linkAt(join(folder, DATA));
  return link !== undefined && /^\.\.[^/]+$/.test(link) ? link : undefined;
}

function holds(generation: string, own: readonly Delivered[]): boolean {
  const there = lstatSync(generation, { throwIfNoEntry: false });
  if (there?.isDirectory() !== true || readdirSync(generation).length !== own.length) return false;
  return own.every(({ key, value }) => {
    const file = join(generation, key);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    const isPrivate = stat?.isFile() === true && (stat.mode & 0o777) === FILE_MODE;
    return isPrivate && readFileSync(file, 'utf8') === value.reveal();
  });
}

const FILE_MODE = 0o400;

/** A folder that nobody but its owner enters, with a file for each value; `..data` leads to it when it is whole. */
function replaceGeneration(folder: string, own: readonly Delivered[]): void {
  const generation = mkdtempSync(`${folder}/..`);
  const link = `${generation}.link`;
  try {
    for (const { key, value } of own) writeValue(join(generation, key), value.reveal());
    syncFolder(generation);
    symlinkSync(basename(generation), link);
    renameSync(link, join(folder, DATA));
  } catch (error) {
    for (const left of [link, generation]) rmSync(left, { recursive: true, force: true });
    throw error;
  }
}

/** The text and no more: a line end behind it would be a part of the password. */
function writeValue(file: string, text: string): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const handle = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
  try {
    // The umask may have taken away what its owner needs.
    fchmodSync(handle, FILE_MODE);
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a link for each key, and removes the others: what left the configuration is not delivered. True where any changed. */
function linkKeys(folder: string, own: readonly Delivered[]): boolean {
  const wanted = new Set(own.map(({ key }) => key));
  const there = new Set(readdirSync(folder));
  const missing = [...wanted].filter((key) => !there.has(key));
  for (const key of missing) symlinkSync(`${DATA}/${key}`, join(folder, key));
  const stale = [...there].filter((name) => !wanted.has(name) && isOurs(join(folder, name)));
  for (const name of stale) unlinkSync(join(folder, name));
  return missing.length + stale.length > 0;
}

/**
 * Removes the generation before, and what killed runs have left. A young one may be that of a run at the same time, which has
 * not made its link yet.
 */
function removeOld(folder: string, before: string | undefined, now: Date): void {
  const current = generationOf(folder);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('..') || name === DATA || name === current) continue;
    const place = join(folder, name);
    const age = now.getTime() - (lstatSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (name === before || age > LONGEST_RUN_MS) rmSync(place, { recursive: true, force: true });
  }
}

const LONGEST_RUN_MS = 60_000;
