// `kafka://host:9092,other:9092/topic?security.protocol=SSL`. A credential does not belong there, since the process list and
// the shell's history show it. Messages repeat only those parts of an address that were found not to be one.
import { SecretregError } from '../../errors.ts';
import { shownAddress } from '../shown-address.ts';
import { isCredential, PREFIX } from './setting-names.ts';

const DEFAULT_PORT = 9092;
const MAX_PORT = 65_535;
const FORM = 'it should be kafka://host:9092,other:9092/topic';

export interface Address {
  /** `host:port`. */
  brokers: string[];
  /** Undefined where the address names none. */
  topic: string | undefined;
  /** By name, without `kafkastore.`; each stands there once. */
  settings: Map<string, string>;
}

/** Fails with settings-invalid. */
export function parseAddress(address: string): Address {
  const [, withoutSlash] = /^(kafka:\/\/[\w.,:-]+\/[\w.-]+)\/+$/i.exec(address) ?? [];
  if (withoutSlash !== undefined)
    refuse(address, "the '/' at its end is too much: a topic has none", withoutSlash);
  const [, hosts = '', topic = '', query = ''] =
    /^kafka:\/\/([^/?#]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/i.exec(address) ??
    refuse(shownAddress(address), FORM);
  // A password may hold a '/' or a '?', and then it ends where another part seems to begin.
  const isPlain =
    hosts.split(',').every((host) => HOST.test(host)) && (topic === '' || isTopic(topic));
  if (/@|%40/.test(address) && !isPlain)
    refuse('kafka://…', 'a user or password does not belong into the address', WHERE_IT_BELONGS);
  const plain = `kafka://${hosts}${topic === '' ? '' : `/${topic}`}`;
  return {
    brokers: hosts.split(',').map((host) => brokerOf(host, plain)),
    topic: topic === '' ? undefined : requireTopic(topic, plain),
    settings: settingsOf(query, plain),
  };
}

const WHERE_IT_BELONGS =
  'SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG, or kafkastore.sasl.jaas.config in the file of --worker-config';

/** Names and IPv4 addresses. Nothing else, for hosts stand in lines that are pasted into a shell. */
const HOST = /^[A-Za-z0-9_][A-Za-z0-9._-]*(:\d{1,5})?$/;

function brokerOf(host: string, plain: string): string {
  // kafkajs takes an address apart at its first colon.
  if (host.startsWith('['))
    refuse(plain, `'${host}': an IPv6 address is not taken; give the broker's name`);
  if (!HOST.test(host))
    refuse(
      plain,
      `'${host}' is not a host with a port, such as broker:9092; a host has letters, digits, '.', '_' and '-'`,
    );
  const [, port] = /:(\d+)$/.exec(host) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > MAX_PORT))
    refuse(plain, `'${host}': a port is a number from 1 to ${MAX_PORT}`);
  return port !== undefined ? host : `${host}:${DEFAULT_PORT}`;
}

/** Kafka's own rule, which excludes `.` and `..` too. */
function isTopic(topic: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(topic) && !/^\.\.?$/.test(topic);
}

function requireTopic(topic: string, plain: string): string {
  if (!isTopic(topic))
    refuse(
      plain,
      `'${topic}' cannot be a topic: letters, digits, '.', '_' and '-', at most 249 of them`,
    );
  return topic;
}

function settingsOf(query: string, plain: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [given, value] of new URLSearchParams(query)) {
    const name = given.startsWith(PREFIX) ? given.slice(PREFIX.length) : given;
    if (isCredential(name))
      refuse(
        plain,
        `'${name}' does not belong into the address: the process list and your shell's history show it`,
        `SECRETREG_KAFKASTORE_${name.toUpperCase().replaceAll('.', '_')}, or kafkastore.${name} in the file of --worker-config`,
      );
    if (settings.has(name)) refuse(plain, `'${name}' stands there twice`);
    settings.set(name, value);
  }
  return settings;
}

/** `address`: what may be shown of it. */
function refuse(address: string, reason: string, hint?: string): never {
  throw new SecretregError(
    'settings-invalid',
    { place: `registry '${address}'`, reason },
    { hint },
  );
}
