// `${…}` is written in many languages. What Kafka reads as a reference by accident is told apart here.
import type { Reference } from './reference.ts';

/**
 * True for text that Kafka reads as a reference and that belongs to another language: shell defaults
 * (`${VAR:-x}`), Camel and log4j lookups (`${date:now}`), Terraform and Spring expressions. Kafka leaves it alone
 * too, unless a provider has that name.
 */
export function isForeignTemplate(reference: Reference): boolean {
  const { provider, hasPath, path } = reference;
  // A pseudo parameter of CloudFormation: `${AWS::Region}`.
  if (provider === 'AWS' && hasPath && path === '') return true;
  if (!/^[A-Za-z_][\w-]*$/.test(provider)) return true;
  return LOOKUPS.has(provider) || beginsWithDefault(reference);
}

/** What a shell puts between a name and its default: `:-` `:=` `:?` `:+`. */
export const DEFAULT_VALUE = /^[-=?+]/;

/** True where a default stands directly behind the provider's name, as in `${VAR:-x}`. */
export function beginsWithDefault(reference: Reference): boolean {
  return DEFAULT_VALUE.test(reference.hasPath ? reference.path : reference.key);
}

const LOOKUPS: ReadonlySet<string> = new Set(
  [
    // Camel's Simple language, https://camel.apache.org/components/next/languages/simple-language.html
    'attachment bean body bodyAs camelContext collate date empty exception exchange exchangeId exchangeProperty',
    'function hash header headerAs headers in iif join jsonpath list logger mandatoryBodyAs map messageAs out',
    'pretty prettyBody properties propertiesExist random ref replace skip substring sysenv threadId threadName',
    'trim type uuid variable variables xpath',
    // log4j 2's lookups, https://logging.apache.org/log4j/2.x/manual/lookups.html
    'base64 bundle ctx docker event java jndi jvmrunargs k8s log4j lower main marker property sd spring sys upper web',
    // File name templates of Aiven's sinks, such as ${start_offset:padding=true}.
    'key partition start_offset timestamp topic',
  ].flatMap((line) => line.split(' ')),
);
