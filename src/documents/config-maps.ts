// The texts in a ConfigMap or a Secret of Kubernetes, which are files for the containers that mount it.
// https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/
import { textFromBase64 } from './base64.ts';
import type { HeldText, SourceDocument } from './document.ts';
import { embed, embedBase64 } from './embedded.ts';
import { itemsOf } from './manifests.ts';
import { below, isObject, type JsonObject } from './plain-value.ts';

/** The texts of all resources of a document, of those in lists too. */
export function textsOfResources(document: SourceDocument): HeldText[] {
  return document.roots.flatMap(({ pointer, value }) =>
    isObject(value) ? ofResource(document, value, pointer) : [],
  );
}

type Member = readonly [name: string, isBase64: boolean];

/** Which members hold texts, and whether in base64. `stringData` comes before `data`: it is what people write. */
const MEMBERS: Readonly<Record<string, readonly Member[]>> = {
  ConfigMap: [
    ['data', false],
    ['binaryData', true],
  ],
  Secret: [
    ['stringData', false],
    ['data', true],
  ],
};

function ofResource(document: SourceDocument, resource: JsonObject, pointer: string): HeldText[] {
  const items = itemsOf(resource);
  if (items !== undefined) {
    return items.flatMap((item, index) =>
      isObject(item) ? ofResource(document, item, `${pointer}/items/${index}`) : [],
    );
  }
  return membersOf(resource).flatMap(([name, isBase64]) =>
    ofMember(document, resource[name], below(pointer, name), isBase64),
  );
}

/** Whether all texts of a value are files, and none of them is a command. */
export function isOfFiles(value: object): boolean {
  return isObject(value) && membersOf(value).length > 0;
}

function membersOf({ apiVersion, kind }: JsonObject): readonly Member[] {
  const members = apiVersion === 'v1' && typeof kind === 'string' ? MEMBERS[kind] : undefined;
  return members ?? [];
}

function ofMember(
  document: SourceDocument,
  member: unknown,
  pointer: string,
  isBase64: boolean,
): HeldText[] {
  if (!isObject(member)) return [];
  return Object.entries(member).flatMap(([name, value]) => {
    const text = typeof value !== 'string' || !isBase64 ? value : textFromBase64(value);
    const put = isBase64 ? embedBase64 : embed;
    return typeof text === 'string'
      ? [
          {
            text,
            place: (inner) => put(document, below(pointer, name), inner),
            isNamedElsewhere: 'properties-too',
          },
        ]
      : [];
  });
}
