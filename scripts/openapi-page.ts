import { openApiDocument } from '../src/http/openapi.ts';

/** docs/openapi.json, from the routes. */
export async function openApiText(): Promise<string> {
  return `${JSON.stringify(await openApiDocument(), null, 1)}\n`;
}
