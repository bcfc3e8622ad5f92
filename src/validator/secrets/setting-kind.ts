// What is known of a setting: from its name, and from what the class that it belongs to declares.
import type { Entry } from '../../documents/shapes.ts';
import { mayBeOfPart, type OwnSetting, ownSetting, valuesIn } from './owner.ts';
import { type DeclaredType, declaredType } from './password-settings.ts';
import { kindOfName, type NameKind } from './setting-name.ts';

export interface SettingKind extends OwnSetting {
  /** Undefined where nothing says that the value holds a credential. */
  kind: NameKind | undefined;
  declared: DeclaredType;
}

/** For the settings of one connector. */
export type KindOf = (setting: string) => SettingKind;

/** Asked for each setting of each file, and there are few names: answers are kept. */
export function kindsIn(entries: readonly Entry[]): KindOf {
  const className = entries.find(({ key }) => key === 'connector.class')?.value ?? undefined;
  const valueOf = valuesIn(entries);
  const kept = answersOf(className);
  return (setting) => {
    const known = kept.get(setting);
    if (known !== undefined) return known;
    return kindOf(
      mayBeOfPart(setting) ? ownSetting(setting, valueOf) : { className, name: setting },
    );
  };
}

function kindOf({ className, name }: OwnSetting): SettingKind {
  const kept = answersOf(className);
  const known = kept.get(name);
  if (known !== undefined) return known;
  const declared = declaredType(className, name);
  const kind = kindOfName(name);
  const judged = {
    className,
    name,
    kind: declared === 'password' || declared === 'elsewhere' ? (kind ?? 'secret') : kind,
    declared,
  };
  if (kept.size < MOST_NAMES && name.length < LONGEST_NAME) kept.set(name, judged);
  return judged;
}

const MOST_CLASSES = 1000;
const MOST_NAMES = 2000;
const LONGEST_NAME = 200;
const answers = new Map<string, Map<string, SettingKind>>();

function answersOf(className = ''): Map<string, SettingKind> {
  const kept = answers.get(className) ?? new Map<string, SettingKind>();
  if (kept.size === 0 && answers.size < MOST_CLASSES) answers.set(className, kept);
  return kept;
}
