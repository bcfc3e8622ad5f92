// What a measurement of a registry in a topic and its floor have in common.
export const WRITES = 400;
export const READS = 5000;
export const IN_FLIGHT = 100;
export const IDLE_MS = 5000;
/** As long as the record of a version and the line of an audit, about. */
export const RECORD = Buffer.alloc(500, 'x');
