import { SecretregError } from '../../errors.ts';
import type { FileReport } from '../../validator/diagnostic.ts';
import type { ValueTally } from '../../validator/fits.ts';
import { projectFor } from '../../validator/project.ts';
import type { ValidateOptions } from '../../validator/validate.ts';
import type { ConnectWorker } from '../../connect/worker.ts';
import { severalTimes, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { CONNECTOR_NAME, NAME_FROM_FILE } from '../connector-name.ts';
import { type ConnectFlags, connectOptions } from '../connect-flags.ts';
import type { ManifestFlags } from '../manifest-file.ts';
import { type Io, note } from '../io.ts';
import { findingsNamingRegistry } from '../named-registry.ts';
import { chosenNames, PROVIDER_NAME, providersFor } from '../providers.ts';
import { reading } from '../reading.ts';
import { fileOf } from '../registry-setting.ts';
import { toldSettings } from '../session.ts';
import type { Settings, SharedFlags } from '../settings.ts';
import { findExistence } from '../validate-existence.ts';
import { reportsOf, type Run, type RunFlags, severitiesFor } from '../validate-run.ts';
import type { BaselineFile, BaselineFlags } from '../validate-baseline.ts';
import type { Fixing, FixFlags } from '../validate-fix.ts';
import {
  giveReports,
  type ReportFlags,
  reportOptions,
  type KeptFile,
  requireOtherFiles,
} from '../validate-reports.ts';
import { severityFlags, type ValidateSettings, validateSettings } from '../validate-settings.ts';
import type { RegistryFacts } from '../value-checks.ts';

interface Flags
  extends SharedFlags,
    ConnectFlags,
    FixFlags,
    ReportFlags,
    ManifestFlags,
    BaselineFlags,
    RunFlags {
  allProviders?: boolean;
  providerName?: string[];
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
      'check connector files: that references are well formed, under the own name and existing, and no credential stands in clear',
    )
    .argument('[files...]', 'files, folders, globs, or - for stdin (default: .)')
    .optionsGroup('Which files:')
    .option(
      '--changed-since <revision>',
      'only files that differ in Git from where this branch left it, such as origin/main',
    )
    .option('--skip-others', 'pass over named files that are no connector, as in a folder')
    .option('--show-skipped', 'name each file in which there is no connector')
    .option(
      '--jobs <number>',
      'how many threads check the files (default: one, or one for each processor where many are not JSON)',
      parseJobs,
    )
    .optionsGroup('What is right:')
    .option('--all-providers', 'the path must be the name of the connector with every provider')
    .option(...PROVIDER_NAME)
    .option(...CONNECTOR_NAME)
    .option(...NAME_FROM_FILE)
    .option('--fail-on <severity>', 'error or warning: what makes the exit code 1 (default: error)')
    .option(
      '--rule <rule=severity>',
      'error, warning, note or off for one rule; may be given several times',
      severalTimes,
    )
    .option(
      '--explain [rule]',
      'what a rule looks for, and how to live with it; without one, every rule',
    )
    .option('--baseline <file>', 'tell only what is not in this file')
    .option('--write-baseline <file>', 'write what is found into such a file')
    .optionsGroup('Mending:')
    .option('--fix', 'write what has one right answer into the files')
    .option('--dry-run', 'with --fix: show as a diff what would be written')
    .optionsGroup('Whether the secrets exist:')
    .option('--manifest <file>', 'what exists by this file of secretreg manifest, with no registry')
    .option('--max-age <time>', 'refuse a manifest that was made before: 7d ago, or RFC 3339')
    .option('--require-existence', 'end with code 3 where there is no registry to ask')
    .option(
      '--check-values',
      'ask the registry whether each value can stand where it is referred to: with its key or the right to read, and audited',
    )
    .addHelpText('after', EXAMPLES + WITH_A_WORKER);
  reportOptions(command.optionsGroup('Reports:'));
  connectOptions(command.optionsGroup('Asking a Connect worker:'));
  sharedOptions(command.optionsGroup('The registry:'));
  command
    .optionsGroup('Options:')
    .action(async (files: string[], flags: Flags) => setExit(await validate(io, files, flags)));
};

function parseJobs(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new SecretregError('wrong-use', { reason: '--jobs takes a number from 1 to 99' });
}

const FAIL_ON = ['error', 'warning'] as const;

/** No line is longer than a terminal is wide. */
const EXAMPLES = `
Examples:
  every file of a folder that describes connectors, and what --fix would write
    secretreg validate connectors/
    secretreg validate --fix --dry-run connectors/
  other severities, also in secretreg.yaml; a rule, with an example
    secretreg validate --rule missing-class=off --fail-on warning .
    secretreg validate --explain missing-key
  with no registry, by a file of secretreg manifest
    secretreg validate . --manifest names.json --max-age 7d
  what no file of the project refers to
    secretreg validate . --rule unused-secret=warning
`;

const WITH_A_WORKER = `
With --connect and no files, what is deployed on the worker is checked. With
files, the worker is asked about each connector in which nothing is wrong so
far, with a dummy in place of each reference; nothing is created there. A
connector that logs in to its system while it is checked tries it with the
dummies. What a file has in clear is sent as it stands: over http:// to another
machine only with --insecure-http.`;

async function validate(io: Io, names: readonly string[], flags: Flags): Promise<number> {
  if (flags.explain !== undefined) {
    const { explain } = await import('../explain.ts');
    await explain(io, flags.explain);
    return 0;
  }
  const flagged = severityFlags(flags.rule ?? []);
  const fixing = await fixingFor(io, flags, names);
  const settings = await toldSettings(io, flags);
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
        kept: filesOf(settings, { ...flags, project }),
      },
      {
        ...optionsFrom(flags, settings, project, facts),
        severities: severitiesFor(io, flags, { ofProject: project.rules, flagged }),
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
  /** Files that no report may replace. */
  kept: readonly KeptFile[];
}

async function checkWith(
  io: Io,
  names: readonly string[],
  flags: Flags,
  { failOn, values, fixing, isExcluded, baseline, kept }: Reporting,
  options: ValidateOptions,
): Promise<number> {
  // Only the flag counts: a variable must neither send the files of this folder to a worker, nor check what runs there instead.
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
    files: findingsNamingRegistry(
      baseline?.applied(judged, { ...needs, severities }) ?? judged,
      flags,
    ),
    existenceChecked: existence !== undefined,
    ...(existence?.origin && { namesAuthenticated: existence.origin.authenticated }),
    ...(values && { values }),
    offersFix: !flags.fix,
  };
  // With --fix, the mended text of stdin goes to stdout.
  const isAside = flags.fix === true && !flags.dryRun && names.includes('-');
  const outcome = { names, failOn, report, faults, isAside };
  requireOtherFiles(flags, outcome, kept);
  await fixing?.tell(report.files);
  return giveReports(io, flags, outcome);
}

/** The files that are read beside connectors. */
function filesOf(
  { registry: { value }, key, project: settingsFile }: Settings,
  named: Pick<Flags, 'baseline' | 'writeBaseline' | 'manifest' | 'workerConfig'> & {
    project: ValidateSettings;
  },
): KeptFile[] {
  const baseline = named.writeBaseline ?? named.baseline ?? named.project.baseline;
  const files: readonly (readonly [string, string | undefined])[] = [
    [IS_REGISTRY, fileOf(value)],
    [IS_REGISTRY, key.kind === 'file' ? key.value : undefined],
    ['is the baseline', baseline],
    ['is the manifest', named.manifest],
    ["is the worker's file", named.workerConfig],
    ['is the file of settings', settingsFile?.file],
  ];
  return files.flatMap(([what, file]) => (file === undefined ? [] : [{ what, file }]));
}

const IS_REGISTRY = 'is the registry or its key';

function noteSkipped(io: Io, files: readonly FileReport[]): void {
  for (const { file, connectors, diagnostics } of files)
    if (connectors === 0 && diagnostics.length === 0) note(io, `no connector in ${file}`);
}

/** undefined where neither a flag nor the project names one. */
async function baselineFor(
  io: Io,
  flags: Flags,
  ofProject: string | undefined,
): Promise<BaselineFile | undefined> {
  if ((flags.baseline ?? flags.writeBaseline ?? ofProject) === undefined) return undefined;
  const { BaselineFile } = await import('../validate-baseline.ts');
  return BaselineFile.of(io, flags, ofProject);
}

/** undefined without --fix; its code is loaded only with it. */
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

function optionsFrom(
  flags: Flags,
  settings: Settings,
  project: ValidateSettings,
  { existence, askFits }: RegistryFacts,
): ValidateOptions {
  const { otherProviders } = providersFor(settings);
  // The worker's own file knows its providers best.
  const { providers = [] } = settings.workerConfig === undefined ? project : {};
  return {
    allProviders: flags.allProviders ?? false,
    providerNames: chosenNames(settings, flags.providerName, project.providerName),
    knownProviders: [...otherProviders, ...providers],
    ...(settings.workerConfig && { workerProviders: settings.workerConfig.providers }),
    ...(existence && { existence }),
    ...(askFits && { askFits }),
  };
}

function choice<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw new SecretregError('wrong-use', { reason: `${flag} takes ${allowed.join(' or ')}` });
}
