// What is known of a setting: from its name, and from what the class that it belongs to declares.
import type { Entry } from '../../documents/shapes.ts';
import { copied, Kept } from './kept.ts';
import { mayBeOfPart, type OwnSetting, ownSetting, valuesIn } from './owner.ts';
import { onlyMeant } from '../one-edit.ts';
import { type DeclaredType, declaredType, passwordsOf } from './password-settings.ts';
import { kindOfName, type NameKind } from './setting-name.ts';

export interface SettingKind extends OwnSetting {
  /** Undefined where nothing says that the value holds a credential. */
  kind: NameKind | undefined;
  declared: DeclaredType;
  /** The password of the class that this name, which the class does not have, can only be a slip of. */
  meant?: string;
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
  return answersOf(className).of(name, (it) => judge(className && copied(className), it));
}

function judge(className: string | undefined, name: string): SettingKind {
  const declared = declaredType(className, name);
  const kind = kindOfName(name);
  const meant =
    declared === 'unknown' && className !== undefined
      ? onlyMeant(name, passwordsOf(className))
      : undefined;
  const isPassword = declared === 'password' || declared === 'elsewhere' || meant !== undefined;
  return {
    className,
    name,
    // All of a list of properties is a password where it is declared as one.
    kind: isPassword && (kind === undefined || kind === 'properties') ? 'secret' : kind,
    declared,
    ...(meant !== undefined && { meant }),
  };
}

const LONGEST_NAME = 200;
const answers = new Kept<Kept<SettingKind>>({ most: 200, longest: LONGEST_NAME });

function answersOf(className = ''): Kept<SettingKind> {
  return answers.of(className, () => new Kept({ most: 500, longest: LONGEST_NAME }));
}
