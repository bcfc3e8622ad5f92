import { describe } from 'vitest';
import { missingTool } from './install.ts';

/** Tests on a real broker. Without Java and Maven they are left out, and say why; in CI they fail. */
export function describeKafka(name: string, body: () => void): void {
  const missing = process.env['CI'] ? undefined : missingTool();
  if (missing === undefined) describe(name, body);
  else describe.skip(`${name} (left out: there is no ${missing})`, body);
}
