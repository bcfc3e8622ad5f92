// A `}` that was forgotten lets a reference swallow what follows it, `${secret:orders:user password=hunter2 …}`:
// then its key is a credential, and a default in it may be one, `${env::X:-hunter2}`. So a report shows names from references
// only where they look like names.
import { scanReferences } from '../domain/reference.ts';

/** True for a text that may be shown as a name. */
export function isPlainName(text: string): boolean {
  return !/[\s=;,"'&@?]|(?:^|:)[-+]/.test(text);
}

/** True for one reference whose parts may be shown. */
export function isPlainReference(text: string): boolean {
  const [reference] = scanReferences(text);
  if (reference === undefined || reference.end - reference.start !== text.length) return false;
  return [reference.provider, reference.path, reference.key].every(isPlainName);
}
