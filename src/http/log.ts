// The log of the server: JSON lines, one event each. Values, tokens and passwords are in none, names of secrets in none of
// level `info` or above.
import { type Logger, pino, stdTimeFunctions, type DestinationStream } from 'pino';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export type Log = Logger;

export function createLog(level: LogLevel, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
