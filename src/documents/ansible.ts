// The connectors of Ansible's playbooks for Confluent Platform: `kafka_connect_connectors`, a list that stands in the
// variables of a host or a group, at any depth of an inventory.
// https://docs.confluent.io/ansible/current/ansible-configure-connect.html
import { below, isContainer, isObject, type JsonObject } from './plain-value.ts';

export interface AnsibleItem {
  value: JsonObject;
  pointer: string;
}

const VARIABLE = 'kafka_connect_connectors';

/** The items of all such lists, with the pointer of each. */
export function ansibleItems(value: unknown, pointer: string): AnsibleItem[] {
  const items: AnsibleItem[] = [];
  const open: { value: unknown; pointer: string }[] = [{ value, pointer }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (!isContainer(at.value)) continue;
    for (const [name, inner] of Object.entries(at.value).toReversed()) {
      const own = { value: inner as unknown, pointer: below(at.pointer, name) };
      if (name === VARIABLE && Array.isArray(inner)) addItems(items, inner, own.pointer);
      else open.push(own);
    }
  }
  return items;
}

function addItems(items: AnsibleItem[], list: readonly unknown[], pointer: string): void {
  for (const [index, value] of list.entries())
    if (isObject(value)) items.push({ value, pointer: `${pointer}/${index}` });
}
