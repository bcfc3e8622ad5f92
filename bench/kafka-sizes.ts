// What a measurement of a registry in a topic and its floor have in common.
export const WRITES = 400;
export const READS = 20_000;
/** Before the clock starts: a server has run for longer. */
export const WARM_READS = 2000;
export const SECRETS_TO_READ = 1000;
export const IN_FLIGHT = 100;
export const IDLE_MS = 5000;
/** As long as the record of a version, about. */
export const RECORD = Buffer.alloc(500, 'x');
/** As long as the audit line of a read. */
export const LINE = Buffer.alloc(1000, 'x');
