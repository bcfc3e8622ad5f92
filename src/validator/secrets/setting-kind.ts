// What is known of a setting: from its name, and from what the connector itself declares.
import { type DeclaredType, declaredType } from './password-settings.ts';
import { kindOfName, type NameKind } from './setting-name.ts';

export interface SettingKind {
  /** Undefined where nothing says that the value holds a credential. */
  kind: NameKind | undefined;
  declared: DeclaredType;
}

/** Looked up for each setting of each file, and there are few names: answers are kept. */
export function settingKind(connectorClass: string | undefined, name: string): SettingKind {
  const kept = answersOf(connectorClass ?? '');
  const known = kept.get(name);
  if (known !== undefined) return known;
  const kind = judge(connectorClass, name);
  if (kept.size < MOST_NAMES) kept.set(name, kind);
  return kind;
}

const MOST_CLASSES = 1000;
const MOST_NAMES = 2000;
const answers = new Map<string, Map<string, SettingKind>>();

function answersOf(connectorClass: string): Map<string, SettingKind> {
  const kept = answers.get(connectorClass) ?? new Map<string, SettingKind>();
  if (kept.size === 0 && answers.size < MOST_CLASSES) answers.set(connectorClass, kept);
  return kept;
}

function judge(connectorClass: string | undefined, name: string): SettingKind {
  const declared = declaredType(connectorClass, name);
  const kind = kindOfName(name);
  return { kind: declared === 'password' ? (kind ?? 'secret') : kind, declared };
}
