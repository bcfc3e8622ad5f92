import { existsSync } from 'node:fs';
import type { ConnectWorker } from '../../connect/worker.ts';
import type { Principal } from '../../domain/access.ts';
import type { AccessAdmin } from '../../domain/access-admin.ts';
import type { Registry } from '../../domain/registry.ts';
import { SecretregError } from '../../errors.ts';
import type { Diagnostic } from '../../validator/diagnostic.ts';
import { type Existence, existenceOf } from '../../validator/existence.ts';
import { validator } from '../../validator/validate.ts';
import { principalArgument } from '../access-arguments.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { accessFacts } from '../connect-check/access-facts.ts';
import { connectorFacts, type OnWorker, referredPaths } from '../connect-check/connector-facts.ts';
import { tasksOf } from '../connect-check/task-facts.ts';
import { workerFileFacts } from '../connect-check/worker-file.ts';
import { workerSections } from '../connect-check/worker-sections.ts';
import { type ConnectFlags, connectOptions } from '../connect-flags.ts';
import { requiredWorker } from '../connect-options.ts';
import type { Io } from '../io.ts';
import { PROVIDER_NAME, providersFor } from '../providers.ts';
import { reading } from '../reading.ts';
import { faultFact, printSections, type Section, sectionsFormat } from '../sections.ts';
import { onRegistry, toldSettings } from '../session.ts';
import type { Settings, SharedFlags } from '../settings.ts';
import { readTextFile } from '../text-file.ts';

interface Flags extends SharedFlags, ConnectFlags {
  providerName?: string[];
  workerPrincipal?: string;
  output?: string;
}

export const defineCheck: Define = (connect, { io, setExit }) => {
  const command = connect
    .command('check')
    .description(
      'what an operator should know of a worker: its plugin, its file, who may read what, its connectors; changes nothing',
    )
    .option(...PROVIDER_NAME)
    .option('--worker-principal <principal>', 'as whom the worker logs in to the registry')
    .option('-o, --output <format>', 'json');
  withExamples(
    command,
    'secretreg connect check --connect http://connect:8083 --worker-config connect-distributed.properties',
  );
  sharedOptions(connectOptions(command)).action(async (flags: Flags) =>
    setExit(await check(io, flags)),
  );
};

async function check(io: Io, flags: Flags): Promise<number> {
  const format = sectionsFormat(flags.output);
  const { workerPrincipal } = flags;
  const principal = workerPrincipal === undefined ? undefined : principalArgument(workerPrincipal);
  const worker = requiredWorker(io, flags);
  try {
    const settings = await toldSettings(io, flags);
    const names = namesOf(flags, settings);
    const sections = await workerSections(worker, names.providerNames);
    const file = flags.workerConfig ?? io.env['SECRETREG_WORKER_CONFIG'];
    if (file) sections.push(fileSection(file));
    const deployed = await deployedOn(worker);
    const paths =
      'fault' in deployed ? [] : referredPaths(deployed.connectors, names.providerNames);
    const registry = await registryPart(io, settings, paths, principal);
    sections.push(...registry.sections);
    if (!isTold(deployed, sections))
      sections.push(await connectorsSection(deployed, names, registry.existence));
    return await printSections(io, format, sections);
  } finally {
    worker.close();
  }
}

interface Names {
  providerNames: readonly string[];
  otherProviders: readonly string[];
}

function namesOf({ providerName }: Flags, settings: Settings): Names {
  const found = providersFor(settings);
  return { ...found, ...(providerName && { providerNames: providerName }) };
}

function fileSection(file: string): Section {
  return { name: `worker file ${file}`, facts: workerFileFacts(readTextFile(file)) };
}

type Deployed = (OnWorker & { text: string }) | { fault: SecretregError };

async function deployedOn(worker: ConnectWorker): Promise<Deployed> {
  try {
    const text = await worker.deployed();
    const connectors = await worker.connectors();
    const addresses = worker.place.replaceAll(' ', '');
    return { text, addresses, connectors, tasks: await tasksOf(worker, connectors) };
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    return { fault: error };
  }
}

/** That there is no worker is told once. */
function isTold(deployed: Deployed, sections: readonly Section[]): boolean {
  if (!('fault' in deployed)) return false;
  const { text } = faultFact(deployed.fault);
  return sections.some(({ facts }) => facts.some((fact) => fact.text === text));
}

async function connectorsSection(
  deployed: Deployed,
  names: Names,
  existence: Existence | undefined,
): Promise<Section> {
  const name = 'connectors';
  if ('fault' in deployed) return { name, facts: [faultFact(deployed.fault)] };
  const diagnostics = await findings(deployed.text, names, existence);
  return { name, facts: connectorFacts(deployed, diagnostics, names.providerNames) };
}

interface RegistryPart {
  sections: Section[];
  /** Undefined where no registry was asked. */
  existence?: Existence;
}

async function registryPart(
  io: Io,
  settings: Settings,
  paths: readonly string[],
  principal: Principal | undefined,
): Promise<RegistryPart> {
  const { value, origin } = settings.registry;
  if (origin === 'default' && !existsSync(value.slice('file:'.length))) {
    const text = `none is named, and none is here: whether secrets exist, and who may read them, was not checked; hint: --registry ${addressFor(settings)}`;
    return { sections: [{ name: 'registry', facts: [{ name: 'place', state: 'warn', text }] }] };
  }
  const ask = (it: { registry: Registry; access: AccessAdmin }) => asked(it, paths, principal);
  const reachable = { name: 'reachable', state: 'ok', text: `${value} (${origin})` } as const;
  try {
    const { accessAdminFor } = await import('../../registry/access-admin.ts');
    const part = await reading(() =>
      onRegistry(
        io,
        settings,
        {},
        ({ registry, core, caller }) => ask({ registry, access: accessAdminFor(core, caller) }),
        ask,
      ),
    );
    return { ...part, sections: [{ name: 'registry', facts: [reachable] }, ...part.sections] };
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    return { sections: [{ name: 'registry', facts: [faultFact(error)] }] };
  }
}

/** The one that the worker asks, where its file tells it and all of it may be shown. */
function addressFor({ workerConfig }: Settings): string {
  const url = workerConfig?.url?.trim() ?? '';
  return /^https?:\/\/[\w.:[\]-]+(?:\/[\w./-]*)?$/.test(url) ? url : 'https://HOST';
}

async function asked(
  { registry, access }: { registry: Registry; access: AccessAdmin },
  paths: readonly string[],
  principal: Principal | undefined,
): Promise<RegistryPart> {
  const existence = existenceOf(await registry.listPaths({ deleted: true }));
  const facts = await accessFacts(access, paths, principal).catch((error: unknown) => {
    if (!(error instanceof SecretregError)) throw error;
    // Whoever may not see grants can still learn the rest.
    return [faultFact(error, 'warn')];
  });
  return { existence, sections: facts.length === 0 ? [] : [{ name: 'access', facts }] };
}

async function findings(
  text: string,
  { providerNames, otherProviders }: Names,
  existence: Existence | undefined,
): Promise<Diagnostic[]> {
  const check = validator({
    providerNames,
    knownProviders: otherProviders,
    ...(existence && { existence }),
  });
  const { diagnostics } = await check({ file: 'connectors', text });
  return diagnostics;
}
