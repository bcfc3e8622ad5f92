// Programs of Pulumi in YAML: every text of a resource may hold expressions, `${db.endpoint}`; a `$` that is meant is written `$$`.
// https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/
import { isObject } from './plain-value.ts';

/** By its runtime, or by its resources where that stands in a file of its own. */
export function isPulumi(root: unknown): boolean {
  if (!isObject(root)) return false;
  const { runtime, resources } = root;
  if (runtime === 'yaml' || (isObject(runtime) && runtime['name'] === 'yaml')) return true;
  if (!isObject(resources)) return false;
  const all = Object.values(resources);
  return (
    all.every((it) => isObject(it) && typeof it['type'] === 'string' && TYPE.test(it['type'])) &&
    all.some((it) => isObject(it) && isObject(it['properties']))
  );
}

/** `aws:mskconnect:Connector`, `aws:mskconnect/connector:Connector`; not `OS::Nova::Server` of OpenStack. */
const TYPE = /^[\w.-]+:(?:[\w./-]+:)?\w+$/;

/** Members of a program whose texts are read so. */
export function holdsExpressions(member: string): boolean {
  return member === 'resources' || member === 'variables' || member === 'outputs';
}
