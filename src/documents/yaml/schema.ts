// How plain scalars are read. kubectl (go-yaml v2, through sigs.k8s.io/yaml) and Ansible (PyYAML) read YAML 1.1: `yes` is
// true, `0777` is 511. Types of YAML 1.1 are left out where both hand on the text as it stands: times such as `12:30`,
// timestamps, sets and ordered maps.
import { Schema } from 'yaml';

const LEFT_OUT: ReadonlySet<string> = new Set([
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
  'tag:yaml.org,2002:set',
  // Merge keys are followed in values.ts, which counts what they repeat.
  'tag:yaml.org,2002:merge',
]);

/** One for all documents: making it takes longer than reading a small file. */
export const schema = new Schema({
  schema: 'yaml-1.1',
  resolveKnownTags: false,
  customTags: (tags) =>
    tags.filter((tag) => typeof tag === 'object' && !LEFT_OUT.has(tag.tag) && !isTime(tag)),
});

/** Numbers to the base of 60 of YAML 1.1, which Go leaves as text. */
function isTime(tag: object): boolean {
  return 'format' in tag && tag.format === 'TIME';
}
