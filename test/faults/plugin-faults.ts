// Faults of the plugin for Kafka Connect, planted in its Java source; JUnit has to catch each of them.
import type { Fault } from './faults.ts';

const MAIN = 'connect/src/main/java/io/secretreg/connect';
const caught = { test: 'test/connect/maven.test.ts' };

export const pluginFaults: readonly Fault[] = [
  {
    name: 'plugin-foreign-path-taken',
    what: "the worker takes a connector that refers to another one's secrets",
    file: `${MAIN}/rest/Rule.java`,
    find: '!reference.path().isEmpty() && reference.path().equals(connector)',
    replace: '!reference.path().isEmpty()',
    ...caught,
  },
  {
    name: 'plugin-switch-for-all-providers-lost',
    what: 'the switch that lets the rule count for every provider does nothing',
    file: `${MAIN}/rest/Guard.java`,
    find: 'settings.rulesAllProviders());',
    replace: 'false);',
    ...caught,
  },
  {
    name: 'plugin-joined-reference-taken',
    what: 'a value can make another reference of what stands around it',
    file: `${MAIN}/rest/Rule.java`,
    find: 'if (isJoined(setting.getValue(), reference)) joined.add(key);',
    replace: '',
    ...caught,
  },
  {
    name: 'plugin-own-providers-taken',
    what: 'a connector brings a config provider of its own (CVE-2024-31141)',
    file: `${MAIN}/rest/Rule.java`,
    find: 'if (key.contains(PROVIDERS)) own.add(key);',
    replace: '',
    ...caught,
  },
  {
    name: 'plugin-old-values-for-ever',
    what: 'values that were read days ago are served while the registry is away',
    file: `${MAIN}/LastKnown.java`,
    find: 'if (age > maxAge) return null;',
    replace: '',
    ...caught,
  },
  {
    name: 'plugin-down-not-remembered',
    what: 'everybody who asks while the registry hangs waits for it',
    file: `${MAIN}/DownMemory.java`,
    find: 'reason = why;\n',
    replace: '',
    ...caught,
  },
  {
    name: 'plugin-value-shown',
    what: 'the worker answers with values that were handed out',
    file: `${MAIN}/rest/JsonRedactor.java`,
    find: 'return unknown.isEmpty() ? redaction.texts().hide(text, connector()) :',
    replace: 'return unknown.isEmpty() ? text :',
    ...caught,
  },
  {
    name: 'plugin-missing-store-unsaid',
    what: 'of a trust store that is not there the log says its name and no more',
    file: `${MAIN}/Tls.java`,
    find: 'if (inner instanceof FileSystemException) return',
    replace: 'if (inner == null) return',
    ...caught,
  },
  {
    name: 'plugin-redirect-followed',
    what: 'the token goes wherever an answer redirects to',
    file: `${MAIN}/Http.java`,
    find: 'HttpClient.Redirect.NEVER',
    replace: 'HttpClient.Redirect.ALWAYS',
    ...caught,
  },
  {
    name: 'plugin-scans-again',
    what: "a text of many '${' is searched for ':' from each of them to its end",
    file: `${MAIN}/ReferenceScanner.java`,
    find: 'if (colon < inner) colon = next(find, text, ":", inner);',
    replace: 'colon = next(find, text, ":", inner);',
    ...caught,
  },
];
