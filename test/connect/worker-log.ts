// The logger of a worker: everything from INFO on goes to its standard output, as Connect's own files have it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerVersion } from './install.ts';

const PATTERN = '[%d] %p %m (%c)%n';

const LOGGERS = {
  4: {
    flag: 'log4j2.configurationFile',
    lines: [
      'appender.stdout.type=Console',
      'appender.stdout.name=stdout',
      'appender.stdout.layout.type=PatternLayout',
      `appender.stdout.layout.pattern=${PATTERN}`,
      'rootLogger.level=INFO',
      'rootLogger.appenderRef.stdout.ref=stdout',
    ],
  },
  3: {
    flag: 'log4j.configuration',
    lines: [
      'log4j.rootLogger=INFO, stdout',
      'log4j.appender.stdout=org.apache.log4j.ConsoleAppender',
      'log4j.appender.stdout.layout=org.apache.log4j.PatternLayout',
      `log4j.appender.stdout.layout.ConversionPattern=${PATTERN}`,
    ],
  },
} satisfies Record<WorkerVersion, { flag: string; lines: readonly string[] }>;

/** Writes the logger's file and answers the flag that names it. */
export function loggerFlag(version: WorkerVersion, folder: string): string {
  const { flag, lines } = LOGGERS[version];
  const file = join(folder, 'log4j.properties');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return `-D${flag}=file:${file}`;
}
