import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { count } from '../../domain/count.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import { readNames } from '../../registry/open-registry.ts';
import type { FileReport } from '../../validator/diagnostic.ts';
import { type Existence, existenceOf, type Origin } from '../../validator/existence.ts';
import type { ValueTally } from '../../validator/fits.ts';
import { projectFor } from '../../validator/project.ts';
import { type ValidateOptions, validator } from '../../validator/validate.ts';
import type { ConnectWorker } from '../../connect/worker.ts';
import { shownAddress } from '../../store/shown-address.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type ConnectFlags, connectOptions } from '../connect-flags.ts';
import type { ManifestFlags } from '../manifest-file.ts';
import { type InputFile, inputFiles } from '../input-files.ts';
import { type Io, note } from '../io.ts';
import { startBar } from '../progress.ts';
import { providersFor } from '../providers.ts';
import { reading } from '../reading.ts';
import { storeOf } from '../registry-store.ts';
import { tellNotes } from '../session.ts';
import { readSettings, type Settings, type SharedFlags } from '../settings.ts';
import type { BaselineFile, BaselineFlags } from '../validate-baseline.ts';
import type { Fixing, FixFlags } from '../validate-fix.ts';
import {
  giveReports,
  type ReportFlags,
  reportOptions,
  requireOtherFiles,
} from '../validate-reports.ts';
import { severityFlags, type ValidateSettings, validateSettings } from '../validate-settings.ts';
import type { WorkerOpinion } from '../validate-through.ts';
import type { RegistryFacts } from '../value-checks.ts';

interface Flags
  extends SharedFlags,
    ConnectFlags,
    FixFlags,
    ReportFlags,
    ManifestFlags,
    BaselineFlags {
  allProviders?: boolean;
  providerName?: string[];
  connector?: string;
  nameFromFile?: boolean;
  changedSince?: string;
  skipOthers?: boolean;
  failOn?: string;
  rule?: string[];
  requireExistence?: boolean;
  checkValues?: boolean;
  showSkipped?: boolean;
  explain?: string | true;
}

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('validate')
    .description(
      'check every reference in connector files: well formed, under the own name, existing',
    )
    .argument('[files...]', 'files, folders, globs, or - for stdin (default: .)')
    .option('--all-providers', 'the path must be the name of the connector with every provider')
    .option(
      '--provider-name <name>',
      "the worker's name for the registry (default: secret); may be given several times",
      (name: string, before: string[] | undefined) => [...(before ?? []), name],
    )
    .option('--connector <name>', 'the name of a connector that its file does not name')
    .option('--name-from-file', 'take that name from the file')
    .option(
      '--changed-since <revision>',
      'only files that differ in Git from where this branch left it, such as origin/main',
    )
    .option('--skip-others', 'pass over named files that are no connector, as in a folder')
    .option('--fail-on <severity>', 'error or warning: what makes the exit code 1 (default: error)')
    .option(
      '--rule <rule=severity>',
      'error, warning, note or off for one rule; may be given several times',
      (text: string, before: string[] | undefined) => [...(before ?? []), text],
    )
    .option('--fix', 'write what has one right answer into the files')
    .option('--dry-run', 'with --fix: show as a diff what would be written')
    .option('--manifest <file>', 'what exists by this file of secretreg manifest, with no registry')
    .option('--max-age <time>', 'refuse a manifest that was made before: 7d ago, or RFC 3339')
    .option('--baseline <file>', 'tell only what is not in this file')
    .option('--write-baseline <file>', 'write what is found into such a file')
    .option('--require-existence', 'end with code 3 where there is no registry to ask')
    .option(
      '--check-values',
      'ask the registry whether each value can stand where it is referred to: with its key or the right to read, and audited',
    )
    .option('--show-skipped', 'name each file in which there is no connector')
    .option(
      '--explain [rule]',
      'what a rule looks for, and how to live with it; without one, every rule',
    )
    .addHelpText('after', EXAMPLES + WITH_A_WORKER);
  sharedOptions(connectOptions(reportOptions(command))).action(
    async (files: string[], flags: Flags) => setExit(await validate(io, files, flags)),
  );
};

const FAIL_ON = ['error', 'warning'] as const;

const EXAMPLES = `
Examples:
  secretreg validate connectors/                                    every file of a folder that describes connectors
  secretreg validate --fix --dry-run connectors/                    shows what --fix would write
  secretreg validate --rule missing-class=off --fail-on warning .   other severities; also in secretreg.yaml
  secretreg validate --explain missing-key                          a rule, with an example
  secretreg validate . --manifest names.json --max-age 7d           with no registry, by a file of secretreg manifest
  secretreg validate . --rule unused-secret=warning                 what no file of the project refers to
`;

const WITH_A_WORKER = `
With --connect and no files, what is deployed on the worker is checked. With files, the worker is asked about each connector
in which nothing is wrong so far, with a dummy in place of each reference; nothing is created there. A connector that logs
in to its system while it is checked tries it with the dummies. What a file has in clear is sent as it stands: over http:// to
another machine only with --insecure-http.`;

async function validate(io: Io, names: readonly string[], flags: Flags): Promise<number> {
  if (flags.explain !== undefined) {
    const { explain } = await import('../explain.ts');
    await explain(io, flags.explain);
    return 0;
  }
  const flagged = severityFlags(flags.rule ?? []);
  const fixing = await fixingFor(io, flags, names);
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
  const project = validateSettings(settings.project, io.cwd);
  const baseline = await baselineFor(io, flags, project.baseline);
  const check = (facts: RegistryFacts) =>
    checkWith(
      io,
      names,
      flags,
      {
        failOn: choice('--fail-on', flags.failOn ?? project.failOn ?? 'error', FAIL_ON),
        values: facts.values,
        fixing,
        isExcluded: project.isExcluded,
        baseline,
      },
      {
        ...optionsFrom(flags, settings, project, facts),
        severities: { ...project.rules, ...flagged },
        inlineIgnores: true,
        now: io.clock().toISOString(),
      },
    );
  if (flags.checkValues) {
    if (flags.manifest !== undefined)
      throw new SecretregError('wrong-use', {
        reason:
          '--check-values asks a registry, for which --manifest stands: they exclude each other',
      });
    const { withValues } = await import('../value-checks.ts');
    return withValues(io, settings, check);
  }
  return check({ existence: await reading(() => findExistence(io, settings, flags)) });
}

interface Reporting {
  failOn: 'error' | 'warning';
  values: ValueTally | undefined;
  fixing: Fixing | undefined;
  isExcluded: Run['isExcluded'];
  baseline: BaselineFile | undefined;
}

async function checkWith(
  io: Io,
  names: readonly string[],
  flags: Flags,
  { failOn, values, fixing, isExcluded, baseline }: Reporting,
  options: ValidateOptions,
): Promise<number> {
  // By the flag only: a variable must not send what is in this folder to a worker, nor look elsewhere than in it.
  const worker = flags.connect === undefined ? undefined : await namedWorker(io, flags, names);
  const run = { worker, fixing, isExcluded, baseline };
  const project = projectFor(options);
  const gathering = { ...options, ...(project && { project }) };
  const { faults, ...found } = await reportsOf(io, names, flags, gathering, run);
  if (flags.showSkipped) noteSkipped(io, found.files);
  const { existence, askFits, severities = {} } = options;
  const needs = {
    existence: existence !== undefined,
    values: askFits !== undefined,
    worker: worker !== undefined,
  };
  const judged = project?.judge(found.files) ?? found.files;
  const report = {
    ...found,
    files: baseline?.applied(judged, { ...needs, severities }) ?? judged,
    existenceChecked: existence !== undefined,
    ...(existence?.origin && { namesAuthenticated: existence.origin.authenticated }),
    ...(values && { values }),
    offersFix: !flags.fix,
  };
  // Of stdin the text itself goes to stdout.
  const isAside = flags.fix === true && !flags.dryRun && names.includes('-');
  const outcome = { names, failOn, report, faults, isAside };
  requireOtherFiles(flags, outcome);
  await fixing?.tell(report.files);
  return giveReports(io, flags, outcome);
}

function noteSkipped(io: Io, files: readonly FileReport[]): void {
  for (const { file, connectors, diagnostics } of files)
    if (connectors === 0 && diagnostics.length === 0) note(io, `no connector in ${file}`);
}

/** Undefined where none is named, neither by a flag nor by the project. */
async function baselineFor(
  io: Io,
  flags: Flags,
  ofProject: string | undefined,
): Promise<BaselineFile | undefined> {
  if ((flags.baseline ?? flags.writeBaseline ?? ofProject) === undefined) return undefined;
  const { BaselineFile } = await import('../validate-baseline.ts');
  return BaselineFile.of(io, flags, ofProject);
}

/** Undefined without --fix, whose code is loaded with it. */
async function fixingFor(
  io: Io,
  flags: Flags,
  names: readonly string[],
): Promise<Fixing | undefined> {
  if (!flags.fix && !flags.dryRun) return undefined;
  const { Fixing, requireFixable } = await import('../validate-fix.ts');
  const asksWorker = flags.connect !== undefined;
  requireFixable(flags, names, { asksWorker, format: flags.format });
  return new Fixing(io, flags);
}

async function namedWorker(
  io: Io,
  flags: Flags,
  names: readonly string[],
): Promise<ConnectWorker | undefined> {
  const { workerFor } = await import('../connect-options.ts');
  return workerFor(io, flags, { sendsFiles: names.length > 0 });
}

/** Names only, read without key and without audit line where the registry is here. A registry that was named must be there. */
async function findExistence(
  io: Io,
  settings: Settings,
  flags: Flags,
): Promise<Existence | undefined> {
  if (flags.manifest !== undefined || flags.maxAge !== undefined) {
    const { manifestExistence } = await import('../manifest-file.ts');
    return manifestExistence(io, flags);
  }
  const { value, origin } = settings.registry;
  if (origin === 'default' && !existsSync(value.slice('file:'.length))) {
    if (flags.requireExistence) throw new SecretregError('existence-not-checked', {});
    return undefined;
  }
  if (settings.remote !== undefined) {
    const { withClient } = await import('../remote-client.ts');
    return withClient(settings.remote, async ({ registry }) =>
      existenceOf(await registry.listPaths({ deleted: true }), originOf(value, true)),
    );
  }
  const store = await storeOf(io, settings);
  try {
    return existenceOf(await readNames(store), originOf(value, false));
  } finally {
    await store.close();
  }
}

/** Of a registry at `address`. A server has the key, and vouches for the names. */
function originOf(address: string, authenticated: boolean): Origin {
  const name = address.startsWith('file:') ? address.slice('file:'.length) : shownAddress(address);
  return { name, authenticated };
}

function optionsFrom(
  flags: Flags,
  settings: Settings,
  project: ValidateSettings,
  { existence, askFits }: RegistryFacts,
): ValidateOptions {
  const { providerNames, otherProviders } = providersFor(settings);
  // The worker's own file knows its names best.
  const ofProject = settings.workerConfig === undefined ? project.providerName : undefined;
  return {
    allProviders: flags.allProviders ?? false,
    providerNames: flags.providerName ?? ofProject ?? providerNames,
    knownProviders: otherProviders,
    ...(settings.workerConfig && { workerProviders: settings.workerConfig.providers }),
    ...(flags.connector !== undefined && { connectorName: flags.connector }),
    ...(existence && { existence }),
    ...(askFits && { askFits }),
  };
}

interface Found {
  files: FileReport[];
  /** About how many connectors; undefined where no worker was to be asked. */
  askedWorker?: number;
  /** For which the run is not whole; the last one is what it ends with. */
  faults: SecretregError[];
}

/** What a run has beside its flags. */
interface Run {
  worker: ConnectWorker | undefined;
  fixing: Fixing | undefined;
  isExcluded: ValidateSettings['isExcluded'] | undefined;
  baseline: BaselineFile | undefined;
}

async function reportsOf(
  io: Io,
  names: readonly string[],
  flags: Flags,
  options: ValidateOptions,
  { worker, fixing, isExcluded, baseline }: Run,
): Promise<Found> {
  try {
    if (worker === undefined)
      return await checked(io, await filesToCheck(io, names, flags, isExcluded), flags, options, {
        fixing,
        baseline,
      });
    if (names.length === 0) return await checked(io, [deployed(worker)], flags, options, {});
    const { WorkerOpinion } = await import('../validate-through.ts');
    const opinion = new WorkerOpinion(worker);
    const inputs = await filesToCheck(io, names, flags, isExcluded);
    const reports = await checked(io, inputs, flags, options, { opinion, fixing, baseline });
    if (opinion.fault !== undefined) reports.faults.unshift(opinion.fault);
    return { ...reports, askedWorker: opinion.asked };
  } finally {
    worker?.close();
  }
}

async function filesToCheck(
  io: Io,
  names: readonly string[],
  { changedSince: revision, skipOthers }: Flags,
  isExcluded: Run['isExcluded'] = () => false,
): Promise<InputFile[]> {
  const all = inputFiles(io, names.length === 0 ? ['.'] : names);
  const named = all.filter(({ file, isStdin }) => isStdin === true || !isExcluded(file));
  // Where nothing is left, a person should know why.
  if (named.length === 0 && all.length > 0)
    note(io, `${count(all.length, 'file')} excluded by secretreg.yaml, and no other to look at`);
  const inputs = skipOthers ? named.map((input) => ({ ...input, found: true })) : named;
  if (revision === undefined) return inputs;
  const { changedSince } = await import('../changed-files.ts');
  return changedSince(revision, inputs);
}

/** What the worker runs, as a file of that name. */
function deployed(worker: ConnectWorker): InputFile {
  return { file: worker.place, found: false, read: () => worker.deployed() };
}

async function checked(
  io: Io,
  inputs: readonly InputFile[],
  flags: Flags,
  options: ValidateOptions,
  {
    opinion,
    fixing,
    baseline,
  }: Partial<Omit<Run, 'worker' | 'isExcluded'>> & { opinion?: WorkerOpinion },
): Promise<Found> {
  const check = validator(options);
  const shown = (report: FileReport) => baseline?.hide(report) ?? report;
  const bar = await startBar(io, 'validating');
  const done: FileReport[] = [];
  const faults: SecretregError[] = [];
  for (const input of inputs) {
    const own = flags.nameFromFile
      ? { ...options, connectorName: basename(input.file, extname(input.file)) }
      : options;
    let text: string;
    try {
      text = await input.read();
    } catch (error) {
      if (!input.found || !hasCode(error, 'file-unreadable')) throw error;
      faults.push(error);
      continue;
    }
    const one = { file: input.file, found: input.found, text };
    const checkOwn = own === options ? check : validator(own);
    const mended =
      fixing === undefined ? one : await fixing.on(input, one, { options: own, shown });
    const report = await checkOwn(mended);
    done.push(opinion === undefined ? report : await opinion.on(mended, report, own));
    if (done.length % 100 === 0) bar.show(done.length, inputs.length);
  }
  bar.end();
  if (fixing?.fault !== undefined) faults.push(fixing.fault);
  return { files: done, faults };
}

function choice<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw new SecretregError('wrong-use', { reason: `${flag} takes ${allowed.join(' or ')}` });
}
