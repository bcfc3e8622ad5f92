// Imports go down only, siblings never import each other, and each outside library has one place.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const BELOW: Record<string, readonly string[]> = {
  domain: [],
  crypto: ['domain'],
  documents: ['domain'],
  store: ['domain', 'errors', 'failpoint'],
  registry: ['domain', 'crypto', 'store', 'errors', 'failpoint'],
  exchange: [],
  client: ['domain', 'rest', 'exchange', 'errors'],
  connect: ['domain', 'exchange', 'errors'],
  resolver: ['domain', 'documents', 'errors'],
  validator: ['domain', 'documents', 'errors', 'version'],
  rest: ['domain'],
  http: [
    'domain',
    'crypto',
    'documents',
    'store',
    'registry',
    'validator',
    'rest',
    'errors',
    'version',
  ],
  cli: [
    'domain',
    'crypto',
    'documents',
    'store',
    'registry',
    'client',
    'connect',
    'exchange',
    'resolver',
    'validator',
    'http',
    'errors',
    'failpoint',
    'version',
  ],
  errors: ['domain'],
  failpoint: [],
  version: [],
  index: ['domain', 'errors', 'version'],
};

/** Libraries and the only folders that may import them. */
const HOMES: Record<string, readonly string[]> = {
  commander: ['cli'],
  ora: ['cli'],
  yaml: ['cli', 'documents'],
  'dot-properties': ['documents', 'cli'],
  'jsonc-parser': ['documents', 'validator', 'http', 'cli'],
  fastify: ['http'],
  '@fastify/swagger': ['http'],
  pino: ['http'],
  'prom-client': ['http'],
  jose: ['http'],
  typebox: ['rest', 'http'],
  'typebox/compile': ['http'],
  'fastest-levenshtein': ['validator', 'store'],
  'fast-string-width': ['validator', 'cli'],
  kafkajs: ['store'],
  'kafkajs/package.json': ['store'],
  'kafkajs/src/broker/index.js': ['store'],
  'kafkajs/src/network/connection.js': ['store'],
  'kafkajs/src/network/socketFactory.js': ['store'],
  'kafkajs/src/protocol/encoder.js': ['store'],
  'kafkajs/src/network/requestQueue/index.js': ['store'],
  'kafkajs/src/protocol/recordBatch/crc32C/index.js': ['store'],
  'kafkajs/src/protocol/requests/fetch/v11/request.js': ['store'],
  'node:sqlite': ['store'],
  'node:crypto': ['crypto', 'store', 'cli', 'validator'],
};

const files = globSync('src/**/*.ts').sort();
const imports = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, target = '']) => ({
    file,
    target,
  }));
});

function layerOf(file: string): string {
  const [first = ''] = relative('src', file).split('/');
  return first.replace(/\.ts$/, '');
}

test('every file lies in a layer of the table', () => {
  expect(files.map(layerOf).filter((layer) => !(layer in BELOW))).toEqual([]);
  expect(imports.length).toBeGreaterThan(100);
});

test('imports between layers go down only', () => {
  const wrong = imports.filter(({ file, target }) => {
    if (!target.startsWith('.')) return false;
    const resolved = join(dirname(file), target);
    if (!resolved.startsWith('src/')) return resolved !== 'package.json';
    const [from, to] = [layerOf(file), layerOf(resolved)];
    return from !== to && !BELOW[from]?.includes(to);
  });
  expect(wrong).toEqual([]);
});

test('libraries are imported where they belong', () => {
  const wrong = imports.filter(({ file, target }) => {
    if (target.startsWith('.')) return false;
    const home = HOMES[target];
    return home === undefined ? !target.startsWith('node:') : !home.includes(layerOf(file));
  });
  expect(wrong).toEqual([]);
});

test('domain does no I/O, knows no clock and no randomness', () => {
  const wrong = files.filter((file) => {
    const text = readFileSync(file, 'utf8');
    return (
      layerOf(file) === 'domain' && /node:|Date\.now|new Date\(\)|Math\.random|process\./.test(text)
    );
  });
  expect(wrong).toEqual([]);
});

// Of failpoints nothing is left in the published build.
test('the process and the console are touched by the command line only', () => {
  const wrong = files.filter((file) => {
    const text = readFileSync(file, 'utf8').replace(/process\.(versions|platform|geteuid)/g, '');
    const mayTouch = ['cli', 'failpoint'].includes(layerOf(file));
    return !mayTouch && /\bprocess\.[a-z]|\bconsole\./.test(text);
  });
  expect(wrong).toEqual([]);
});
