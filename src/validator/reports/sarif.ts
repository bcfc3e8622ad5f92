// SARIF 2.1.0 (OASIS), for code scanning. Columns are UTF-16 code units, and `\r` alone ends a line too. No text of a file but the
// line of a finding with its values hidden, as the snippet of its context.
import { version } from '../../version.ts';
import type { Diagnostic, FileReport, Region } from '../diagnostic.ts';
import { fingerprints } from '../fingerprint.ts';
import type { Rule } from '../rule.ts';
import { rules } from '../rules/index.ts';
import { escapedJson } from '../../domain/escaped-json.ts';
import { type Base, isNoFile, locationOf, uriOf } from './location.ts';
import type { Fault, Report, Reporter } from './report.ts';
import { shownFix } from './shown-fix.ts';

export const sarifReport: Reporter = (report) => `${escapedJson(logOf(report), 2)}\n`;

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

function logOf(report: Report): object {
  const { files, existenceChecked, namesAuthenticated, exitCode = 0, faults = [], base } = report;
  const run = {
    tool: { driver: { name: 'secretreg', version, rules: rules.map(descriptorOf) } },
    invocations: [
      {
        exitCode,
        executionSuccessful: faults.length === 0,
        toolExecutionNotifications: faults.map((fault) => notificationOf(fault, base)),
      },
    ],
    columnKind: 'utf16CodeUnits',
    newlineSequences: ['\r\n', '\n', '\r'],
    results: files.flatMap((file) => resultsOf(file, base)),
    properties: { existenceChecked, namesAuthenticated },
  };
  return { $schema: SCHEMA, version: '2.1.0', runs: [run] };
}

function descriptorOf({ id, severity, sentence }: Rule): object {
  const [first = sentence] = sentence.split(/(?<=\.) /);
  return {
    id,
    shortDescription: { text: first },
    fullDescription: { text: sentence },
    help: { text: `${sentence} secretreg validate --explain ${id} shows an example.` },
    defaultConfiguration: severity === 'off' ? { enabled: false } : { level: severity },
  };
}

const INDEXES: ReadonlyMap<string, number> = new Map(rules.map(({ id }, at) => [id, at]));

function resultsOf(file: FileReport, base: Base | undefined): object[] {
  const marks = fingerprints(file);
  const artifactLocation = artifactOf(file.file, base);
  return file.diagnostics.map((it, at) => ({
    ruleId: it.rule,
    ruleIndex: INDEXES.get(it.rule),
    level: it.severity,
    message: messageOf(it.hint === undefined ? it.message : `${it.message}\nhint: ${it.hint}`),
    locations: [
      {
        physicalLocation: {
          artifactLocation,
          region: regionOf(it),
          contextRegion: contextOf(it),
        },
        logicalLocations: logicalOf(it),
      },
    ],
    partialFingerprints: { 'secretreg/v1': marks[at] },
    fixes: fixesOf(it, artifactLocation),
  }));
}

/** `[text](target)` in a message is a link (3.11.6), and a name may look like one. */
function messageOf(text: string): object {
  return { text: text.replace(/\[(?=[^[\]]*\]\()/g, '\\[') };
}

function artifactOf(file: string, base: Base | undefined): object {
  const location = locationOf(file, base);
  return { uri: uriOf(location), uriBaseId: location.isBelow ? '%SRCROOT%' : undefined };
}

function regionOf({ line, column, endLine, endColumn }: Region): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** The line of the finding. Its text is not that of the file where it is hidden or cut. */
function contextOf({ line, endLine, frame }: Diagnostic): object | undefined {
  if (frame === undefined) return undefined;
  return line === endLine ? { startLine: line, snippet: { text: frame.source } } : undefined;
}

function logicalOf({ connector, setting }: Diagnostic): object[] | undefined {
  if (connector === undefined) return undefined;
  if (setting === undefined) return [{ name: connector, kind: 'object' }];
  return [{ name: setting, fullyQualifiedName: `${connector}/${setting}`, kind: 'property' }];
}

function fixesOf(it: Diagnostic, artifactLocation: object): object[] | undefined {
  const fix = shownFix(it);
  if (fix === undefined || isNoFile(it.file)) return undefined;
  const replacements = fix.edits.map((edit) => ({
    deletedRegion: regionOf(edit),
    insertedContent: { text: edit.text },
  }));
  return [
    { description: { text: fix.what }, artifactChanges: [{ artifactLocation, replacements }] },
  ];
}

function notificationOf({ file, message }: Fault, base: Base | undefined): object {
  return {
    level: 'error',
    message: messageOf(message),
    locations:
      file === undefined
        ? undefined
        : [{ physicalLocation: { artifactLocation: artifactOf(file, base) } }],
  };
}
