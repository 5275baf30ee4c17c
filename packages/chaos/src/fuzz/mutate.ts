import type { SeededRandom } from '@compliance/core/simulation';

/** Values that parsers stumble over, and values that are valid and lead elsewhere. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  'x'.repeat(5000),
  '*'.repeat(300),
  '\u0000',
  '\ud800',
  '\u202e\u001b[2J',
  '__proto__',
  'constructor',
  'toString',
  '../../etc',
  '${x}',
  '{}',
  '[]',
  'null',
  '{"__proto__":{"accountId":"222233334444"}}',
  [],
  {},
  [[[[[[[[]]]]]]]],
  '222233334444',
  '111122223333',
  '000000000000',
  'us-gov-west-1',
  'eu-west-9',
  'aws-cn',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00.000Z',
  'Thu Nov 20 2026',
  'ResourceDeleted',
  'AWS::IAM::User',
  'arn:aws:iam::222233334444:role/evil',
  'arn:aws:config:eu-west-1:222233334444:config-rule/config-rule-a1b2c3',
];

/** Names of members that mean something to JavaScript or to the functions. */
const NAMES = ['__proto__', 'constructor', 'then', 'toJSON', 'accountId', 'region', 'mode', ''];

/** One place in an event: the object or list that holds it, and its key. */
interface Slot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

const isHolder = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const slotsIn = (holder: Record<string, unknown>): readonly Slot[] =>
  Object.keys(holder).flatMap((key) => {
    const value = holder[key];
    return [{ holder, key }, ...(isHolder(value) ? slotsIn(value) : [])];
  });

// An assignment to `__proto__` would set the prototype; JSON has it as a member.
const setMember = ({ holder, key }: Slot, value: unknown): void => {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
};

/** Some of an event's members changed, with the JSON texts in it changed inside. */
export const mutate = (random: SeededRandom, event: unknown): unknown => {
  const copy: unknown = structuredClone(event);
  if (!isHolder(copy) || random.chance(0.01)) return random.pick(VALUES);
  const changes = 1 + random.below(3);
  for (let change = 0; change < changes; change += 1) {
    const slots = slotsIn(copy);
    if (slots.length > 0) changeOne(random, random.pick(slots), slots);
  }
  // What Lambda hands to a function was JSON.
  return JSON.parse(JSON.stringify(copy));
};

const changeOne = (random: SeededRandom, slot: Slot, slots: readonly Slot[]): void => {
  const { holder, key } = slot;
  const value = holder[key];
  const inner = typeof value === 'string' ? parsedJson(value) : undefined;
  if (isHolder(inner) && random.chance(0.9)) {
    setMember(slot, JSON.stringify(mutate(random, inner)));
    return;
  }
  switch (random.below(7)) {
    case 0:
      delete holder[key];
      return;
    case 1:
      setMember({ holder, key: random.pick(NAMES) }, random.pick(VALUES));
      return;
    case 2: {
      const other = random.pick(slots);
      setMember(slot, structuredClone(other.holder[other.key]));
      return;
    }
    case 3:
      setMember(slot, [value]);
      return;
    case 4:
      if (typeof value === 'string') setMember(slot, misspelt(random, value));
      return;
    default:
      setMember(slot, random.pick(VALUES));
  }
};

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const misspelt = (random: SeededRandom, text: string): string => {
  const at = random.below(text.length + 1);
  return (
    text.slice(0, at) + random.pick(['', '\n', 'é', '0', ':', '"', '%']) + text.slice(at + random.below(2))
  );
};

/** The same event as another account, Region or rule would send it: it contradicts itself nowhere. */
export const moveElsewhere = (
  random: SeededRandom,
  event: unknown,
  elsewhere: Readonly<Record<string, readonly string[]>>,
): unknown => {
  const moves = Object.entries(elsewhere).filter(() => random.chance(0.5));
  const text = moves.reduce(
    (rest, [from, to]) => rest.replaceAll(from, random.pick(to)),
    JSON.stringify(event),
  );
  return JSON.parse(text);
};
