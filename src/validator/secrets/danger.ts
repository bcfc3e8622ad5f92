// Settings with which a connector reads files of its worker, or has it run code, under each prefix with which a worker or a
// connector hands settings on to a client of Kafka: `producer.override.…`, `database.history.consumer.…`. Which versions refuse
// what by default was taken from kafka-clients (JaasUtils, BrokerSecurityConfigs, AbstractConfig).
import type { Span } from '../../domain/reference.ts';
import { quoted } from '../wording.ts';

export interface Danger {
  part: 'name' | Span;
  message: string;
  hint: string;
}

export function dangerIn(name: string, value: string): Danger | undefined {
  return ofProviders(name) ?? ofLoginModule(name, value) ?? ofTokenAddress(name, value);
}

/** Whether it is worth looking at the value. */
export function mayBeDangerous(name: string): boolean {
  return DANGEROUS.test(name);
}

const DANGEROUS = /config\.providers|\.jaas\.config$|\.endpoint\.url$/;

/** CVE-2024-31141: since 3.8.0 a worker with `-Dorg.apache.kafka.automatic.config.providers=none` refuses them. */
function ofProviders(name: string): Danger | undefined {
  if (!/(?:^|\.)config\.providers(?:$|\.)/.test(name)) return undefined;
  return {
    part: 'name',
    message: `${quoted(name)} gives the clients of a connector their own providers, which read files and variables of the worker (CVE-2024-31141; a worker of Kafka 3.8.0 or newer can forbid it, and none does by default)`,
    hint: "remove it: providers belong into the worker's own file",
  };
}

function ofLoginModule(name: string, value: string): Danger | undefined {
  const match = /(?:Jndi|Ldap)LoginModule\b/i.exec(value);
  if (match === null || !name.endsWith('.jaas.config')) return undefined;
  const end = match.index + match[0].length;
  let start = match.index;
  while (start > 0 && /[\w.$]/.test(value[start - 1] ?? '')) start -= 1;
  const isLdap = match[0].toLowerCase().startsWith('ldap');
  return {
    part: { start, end },
    message: isLdap
      ? `the login module in ${quoted(name)} asks any LDAP server it is told to and deserializes the answer, which runs code on the worker (CVE-2025-27818; Kafka 3.9.1 and newer refuse it by default)`
      : `the login module in ${quoted(name)} looks up any JNDI address it is told to, which runs code on the worker (CVE-2023-25194; Kafka 3.4.0 and newer refuse it by default)`,
    hint: 'org.apache.kafka.common.security.plain.PlainLoginModule    (or the module of your SASL mechanism)',
  };
}

function ofTokenAddress(name: string, value: string): Danger | undefined {
  if (!/(?:^|\.)sasl\.oauthbearer\.(?:token|jwks)\.endpoint\.url$/.test(name)) return undefined;
  const address = value.trim();
  const [, scheme] = /^([a-z][a-z0-9+.-]{0,30}):/i.exec(address) ?? [];
  const why =
    scheme === undefined || /^https?$/i.test(scheme)
      ? INTERNAL.test(address)
        ? "is the cloud's own, which hands the credentials of the machine to whoever asks"
        : undefined
      : /^file$/i.test(scheme)
        ? 'is a file of the worker, whose content is sent on or shown in an error'
        : 'is none of HTTP: with it the worker opens what it is told to';
  if (why === undefined) return undefined;
  const start = value.indexOf(address);
  return {
    part: { start, end: start + address.length },
    message: `the address in ${quoted(name)} ${why} (CVE-2025-27817; Kafka 4.0.0 and newer take only addresses that the worker allows, 3.9.1 where it was told which)`,
    hint: 'https://…    (the address of your identity provider)',
  };
}

/** Metadata services: AWS, Azure and Google (169.254.169.254, and its name), AWS over IPv6, Alibaba. */
const INTERNAL =
  /^https?:\/\/(?:[^/@]{0,200}@)?(?:169\.254\.\d{1,3}\.\d{1,3}|metadata(?:\.google\.internal)?|\[fd00:ec2::254\]|100\.100\.100\.200)(?:[:/?#]|$)/i;
