import { defined } from '../base/defined.ts';
import { isPlainObject } from '../base/json.ts';

interface RenamedSetting {
  /** The path of the object that holds it, under present names. */
  readonly parent: readonly string[];
  readonly former: string;
  readonly name: string;
  /** Former value → present value. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * Settings that had another name before. Both names are accepted.
 * Settings are published under the former names, so that the release before can read them after a rollback.
 */
const RENAMED: readonly RenamedSetting[] = [
  { parent: ['limits'], former: 'sharePerHour', name: 'maxSharePerHour' },
  { parent: ['limits'], former: 'planLivesDays', name: 'planTtlDays' },
  { parent: ['limits'], former: 'holdAfterUndoDays', name: 'cooldownAfterUndoDays' },
  {
    parent: ['organization'],
    former: 'configAdmission',
    name: 'invokePermission',
    values: { accounts: 'per-account', open: 'any-account' },
  },
  { parent: ['organization'], former: 'joining', name: 'enroll' },
  { parent: ['organization', 'enroll'], former: 'except', name: 'exclude' },
];

/** Settings under their present names. A setting under both names stays under both, which the schema refuses. */
export const withCurrentNames = (settings: unknown): unknown => RENAMED.reduce(rename, settings);

/** Settings under their former names, as they are published. */
export const withFormerNames = (settings: unknown): unknown =>
  RENAMED.toReversed().map(reverse).reduce(rename, settings);

export interface FormerName {
  readonly path: readonly string[];
  /** What to write instead: `limits.maxSharePerHour`. */
  readonly write: string;
}

/** The former names that settings use, each with what to write instead. */
export const formerNamesIn = (settings: unknown): readonly FormerName[] =>
  RENAMED.flatMap(({ parent, former, name, values }) => {
    const paths = [
      [...parent, former],
      [...formerPath(parent), former],
    ];
    const path = paths.find((candidate) => valueAt(settings, candidate) !== undefined);
    if (!path) return [];
    const value = values?.[String(valueAt(settings, path))];
    return [{ path, write: [...parent, name].join('.') + (value === undefined ? '' : `: ${value}`) }];
  });

/** The path of a setting under the former names of its members. */
export const formerPath = (path: readonly PropertyKey[]): readonly string[] =>
  path.map(
    (step, index) =>
      RENAMED.find(({ parent, name }) => name === step && isSamePath(parent, path.slice(0, index)))?.former ??
      String(step),
  );

const isSamePath = (a: readonly PropertyKey[], b: readonly PropertyKey[]) =>
  a.length === b.length && a.every((step, index) => step === b[index]);

const reverse = ({ parent, former, name, values }: RenamedSetting): RenamedSetting => ({
  parent,
  former: name,
  name: former,
  ...defined({
    values: values && Object.fromEntries(Object.entries(values).map(([from, to]) => [to, from])),
  }),
});

const rename = (settings: unknown, { parent, former, name, values }: RenamedSetting): unknown =>
  changeAt(settings, parent, (object) => {
    if (!(former in object) || name in object) return object;
    const { [former]: value, ...others } = object;
    return { ...others, [name]: typeof value === 'string' ? (values?.[value] ?? value) : value };
  });

type Members = Readonly<Record<string, unknown>>;

const changeAt = (
  value: unknown,
  [step, ...rest]: readonly string[],
  change: (members: Members) => Members,
): unknown => {
  if (!isPlainObject(value)) return value;
  if (step === undefined) return change(value);
  return step in value ? { ...value, [step]: changeAt(value[step], rest, change) } : value;
};

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, step) => (isPlainObject(at) ? at[step] : undefined), value);
