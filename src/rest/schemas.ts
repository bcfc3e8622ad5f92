// The bodies of the REST API: one schema each for validation, for types and for the OpenAPI. Names are plain text here; the
// parsers of the domain decide whether they are valid, with error codes of their own.
import { type Static, Type } from 'typebox';
import { ACTIONS, ROLES } from '../domain/access.ts';
import { OBSTACLES, SURROUNDINGS } from '../domain/surroundings.ts';

/** An object that takes these members and no others. */
function strict<P extends Parameters<typeof Type.Object>[0]>(
  properties: P,
  $id?: string,
): ReturnType<typeof Type.Object<P>> {
  return Type.Object(properties, {
    additionalProperties: false,
    ...($id !== undefined && { $id }),
  });
}

function namesOf<N extends string>(table: Readonly<Record<N, unknown>>): N[] {
  return Object.keys(table) as N[];
}

/** No control characters, line separators and text-direction controls: what `plain-text.ts` refuses. */
const UNSEEN = '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069';
/** The pattern of a text that neither begins nor ends with white space, without UNSEEN characters and those of `more`. */
function lineWithout(more: string): string {
  const [inner, outer] = [`[^${UNSEEN}${more}]`, `[^\\s\\ufeff${UNSEEN}${more}]`];
  return `^${outer}(?:${inner}*${outer})?$`;
}
const LINE = lineWithout('');
const TAG = lineWithout(',');

const Time = Type.String({ format: 'date-time' });
const Count = Type.Integer({ minimum: 0 });

const NAME = lineWithout(':{}\\\\');

// Their patterns are for readers of the OpenAPI: the parsers of the domain refuse a name. A pattern cannot say that a name is
// in Unicode's NFC.
export const PathName = name('SecretPath', `^(?!(?:\\.{1,2}|\\*)$)${NAME.slice(1)}`);
export const KeyName = name('SecretKey', `^(?=[A-Za-z])${NAME.slice(1)}`);
export const VersionNumber = Type.Integer({
  $id: 'Version',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
});
export const PrincipalName = name('Principal', `^User:(?!(?:\\.{1,2}|\\*)$)${LINE.slice(1)}`, 260);

/** A boolean in a query, where it is text. */
export const Flag = Type.Enum(['true', 'false'], { type: 'string' });

// Secrets.

export const Metadata = strict(
  {
    description: Type.Optional(Type.String({ maxLength: 1024 })),
    owner: Type.Optional(Type.String({ maxLength: 255 })),
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 32 })),
    expiresAt: Type.Optional(Time),
    rotateEveryDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
  },
  'Metadata',
);

const line = { type: 'string', minLength: 1, pattern: LINE };

/** A JSON merge patch (RFC 7396): `null` takes a member away. */
export const MetadataPatch = strict(
  {
    description: orNull<string>({ ...line, maxLength: 1024 }),
    owner: orNull<string>({ ...line, maxLength: 255 }),
    tags: orNull<string[]>({
      type: 'array',
      items: { ...line, pattern: TAG, maxLength: 64 },
      maxItems: 32,
    }),
    expiresAt: orNull<string>({ type: 'string', format: 'date-time' }),
    rotateEveryDays: orNull<number>({ type: 'integer', minimum: 1, maximum: 3650 }),
  },
  'MetadataPatch',
);

export const VersionInfo = strict(
  {
    path: Type.String(),
    key: Type.String(),
    version: VersionNumber,
    state: Type.Enum(['enabled', 'deleted'], { type: 'string' }),
    createdAt: Time,
    createdBy: Type.String(),
    deletedAt: Type.Optional(Time),
    deletedBy: Type.Optional(Type.String()),
  },
  'VersionInfo',
);

export const KeyInfo = strict(
  {
    path: Type.String(),
    key: Type.String(),
    versions: Type.Array(VersionInfo),
    damaged: Type.Optional(Type.Array(VersionNumber)),
    metadata: Metadata,
  },
  'KeyInfo',
);

export const SecretVersion = strict(
  {
    path: Type.String(),
    key: Type.String(),
    version: VersionNumber,
    secret: Type.String(),
    createdAt: Time,
    createdBy: Type.String(),
  },
  'SecretVersion',
);

export const Written = strict(
  {
    path: Type.String(),
    key: Type.String(),
    version: VersionNumber,
    createdAt: Time,
    createdBy: Type.String(),
  },
  'Written',
);

export const NewVersion = strict({ secret: Type.String() }, 'NewVersion');

export const NewSecrets = strict(
  {
    secrets: Type.Unsafe<Record<string, string>>({
      type: 'object',
      minProperties: 1,
      propertyNames: KeyName,
      additionalProperties: { type: 'string' },
    }),
  },
  'NewSecrets',
);

export const Writes = strict(
  {
    writes: Type.Array(
      strict({
        path: PathName,
        key: KeyName,
        secret: Type.String(),
        onlyOver: Type.Optional(Type.Union([VersionNumber, Type.Literal('none')])),
      }),
      { minItems: 1 },
    ),
  },
  'Writes',
);

// The registry.

export const RegistryInfo = strict(
  {
    storeId: Type.String(),
    format: Count,
    position: Count,
    counts: strict({ paths: Count, keys: Count, versions: Count }),
  },
  'RegistryInfo',
);

export const MasterKeyInfo = strict(
  {
    kid: Type.String(),
    state: Type.Enum(['active', 'prepared', 'retiring', 'retired', 'unknown'], { type: 'string' }),
    records: Count,
  },
  'MasterKeyInfo',
);

export const NewRotation = strict(
  { kid: Type.String({ pattern: '^[0-9a-f]{32}$', examples: ['0123456789abcdef'.repeat(2)] }) },
  'NewRotation',
);

export const Rotation = strict(
  {
    kid: Type.String(),
    state: Type.Enum(['running', 'done', 'failed'], { type: 'string' }),
    done: Count,
    total: Count,
    error: Type.Optional(Type.String()),
  },
  'Rotation',
);

// Connector files.

export const ValidateRequest = strict(
  {
    files: Type.Array(strict({ name: Type.String({ maxLength: 1000 }), text: Type.String() }), {
      maxItems: 1000,
    }),
    providers: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 32 })),
    allProviders: Type.Optional(Type.Boolean()),
    connector: Type.Optional(Type.String({ maxLength: 1000 })),
    checkValues: Type.Optional(Type.Boolean()),
  },
  'ValidateRequest',
);

const Diagnostic = strict(
  {
    rule: Type.String(),
    severity: Type.Enum(['error', 'warning', 'note'], { type: 'string' }),
    line: Type.Integer({ minimum: 1 }),
    column: Type.Integer({ minimum: 1 }),
    endLine: Type.Integer({ minimum: 1 }),
    endColumn: Type.Integer({ minimum: 1 }),
    connector: Type.Optional(Type.String()),
    message: Type.String(),
    hint: Type.Optional(Type.String()),
  },
  'Diagnostic',
);

export const ValidateAnswer = strict(
  {
    files: Type.Array(
      strict({
        file: Type.String(),
        connectors: Count,
        references: Count,
        diagnostics: Type.Array(Diagnostic),
      }),
    ),
    values: Type.Optional(strict({ checked: Count, notSeen: Count })),
  },
  'ValidateAnswer',
);

const FitQuestion = {
  key: KeyName,
  surroundings: Type.Enum(namesOf(SURROUNDINGS), { type: 'string' }),
};

export const FitQuestions = strict(
  { questions: Type.Array(strict(FitQuestion), { minItems: 1, maxItems: 1000 }) },
  'FitQuestions',
);

export const FitAnswer = strict(
  {
    ...FitQuestion,
    key: Type.String(),
    obstacle: Type.Optional(Type.Enum(namesOf(OBSTACLES), { type: 'string' })),
  },
  'FitAnswer',
);

// Access.

export const RoleName = Type.Enum([...ROLES], { type: 'string', $id: 'Role' });
export const ActionName = Type.Enum([...ACTIONS], { type: 'string', $id: 'Action' });
export const PatternType = Type.Enum(['LITERAL', 'PREFIXED'], { type: 'string' });

const Resource = strict({ patternType: PatternType, name: Type.String() }, 'ResourcePattern');
const binding = { role: RoleName, resource: Type.Optional(Resource) };
const made = { createdAt: Time, createdBy: Type.String() };

const RoleBinding = strict(binding, 'RoleBinding');
export const Grant = strict({ principal: PrincipalName, ...binding }, 'Grant');
export const GrantInfo = strict({ principal: Type.String(), ...binding, ...made }, 'GrantInfo');

export const UserInfo = strict(
  { principal: Type.String(), hasPassword: Type.Boolean(), ...made },
  'UserInfo',
);
export const NewUser = strict(
  { principal: PrincipalName, password: Type.Optional(Type.String()) },
  'NewUser',
);
export const NewPassword = strict({ password: Type.String() }, 'NewPassword');

const token = {
  id: Type.String(),
  principal: Type.String(),
  ...made,
  expiresAt: Time,
  description: Type.Optional(Type.String()),
  limit: Type.Optional(RoleBinding),
};
export const TokenInfo = strict(token, 'TokenInfo');
export const MadeToken = strict({ ...token, token: Type.String() }, 'MadeToken');
export const NewToken = strict(
  {
    principal: Type.Optional(PrincipalName),
    expiresAt: Type.Optional(Time),
    description: Type.Optional(Type.String({ 'x-pattern': LINE, 'x-maxLength': 1024 })),
    limit: Type.Optional(RoleBinding),
    grant: Type.Optional(RoleBinding),
  },
  'NewToken',
);

export const Identity = strict(
  {
    principal: Type.String(),
    mechanism: Type.String(),
    grants: Type.Array(RoleBinding),
    token: Type.Optional(
      strict({ id: Type.String(), expiresAt: Time, limit: Type.Optional(RoleBinding) }),
    ),
  },
  'Identity',
);

export const Question = strict(
  {
    principal: Type.Optional(PrincipalName),
    action: ActionName,
    path: Type.Optional(PathName),
  },
  'Question',
);
export const Decision = strict(
  { allowed: Type.Boolean(), by: Type.Optional(RoleBinding) },
  'Decision',
);

// Every error.

export const ErrorBody = strict(
  { error_code: Type.Integer({ minimum: 40_000, maximum: 59_999 }), message: Type.String() },
  'Error',
);

export type SecretVersionBody = Static<typeof SecretVersion>;
export type WrittenBody = Static<typeof Written>;
export type GrantBody = Static<typeof Grant>;
export type RoleBindingBody = Static<typeof RoleBinding>;

/** In Unicode code points. */
function name($id: string, pattern: string, maxLength = 255) {
  return Type.String({ $id, 'x-pattern': pattern, 'x-maxLength': maxLength });
}

function orNull<T>(schema: { type: string } & Record<string, unknown>) {
  return Type.Optional(Type.Unsafe<T | null>({ ...schema, type: [schema.type, 'null'] }));
}
