// Refuses, before anything else is done, a request that two programs in a row could read in two ways. A proxy that resolves
// `..` and a server that does not would mean two different secrets.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { percentDecoded } from '../domain/percent-decoded.ts';
import { wrongUse } from './wrong-use.ts';

/** Fails with wrong-use. */
export function refuseAmbiguous(request: IncomingMessage): void {
  const reason = targetProblem(request.url ?? '') ?? headerProblem(request);
  if (reason !== undefined) throw wrongUse(reason);
}

function targetProblem(target: string): string | undefined {
  if (!target.startsWith('/'))
    return 'the request target has to begin with a slash (RFC 9112, 3.2.1)';
  if (target.includes('#')) return 'the request target holds a fragment';
  // Most targets hold nothing that would have to be decoded or could be a dot segment.
  if (PLAIN.test(target)) return undefined;
  const [path = '', ...query] = target.split('?');
  for (const segment of path.split('/')) {
    const decoded = percentDecoded(segment);
    if (decoded === undefined) return 'the path is not percent-encoded UTF-8';
    if (decoded === '.' || decoded === '..') return 'the path holds a dot segment';
  }
  if (percentDecoded(query.join('?').replaceAll('+', ' ')) === undefined)
    return 'the query is not percent-encoded UTF-8';
  return undefined;
}

const PLAIN = /^[\w/-]*(?:\?[\w=&-]*)?$/;

/** Node joins some repeated headers and drops others; what was sent stands in `rawHeaders`. */
function headerProblem({ rawHeaders, httpVersion, headers }: IncomingMessage): string | undefined {
  const seen = new Set<string>();
  let twice: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (!SINGLE_HEADERS.has(name)) continue;
    if (seen.has(name)) twice ??= name;
    seen.add(name);
  }
  if (httpVersion !== '1.0' && !seen.has('host')) return 'the header Host is missing';
  if (isOfAnotherSite(headers)) return 'it was sent by a web page of another site';
  if (twice !== undefined) return `the header ${twice} stands more than once`;
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
    return 'the header Expect asks for something that is not known';
  return undefined;
}

/**
 * A browser sends a password that it remembers, or its user's certificate, with whatever a page asks for. Fetch Metadata says
 * which site the page is of; older browsers send Origin (RFC 6454).
 */
function isOfAnotherSite({ host, origin, ...headers }: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}

const SINGLE_HEADERS = new Set([
  'authorization',
  'host',
  'content-type',
  'content-length',
  'content-encoding',
  'if-match',
  'if-none-match',
  'registry-position',
  'registry-connector',
  'expect',
]);
