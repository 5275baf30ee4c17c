// Says which variable or target of make is misspelt, before anything runs: a target would ignore it and do more than was
// meant, and make runs the targets before an unknown one.
// On make's command line, a target takes only its own. In the environment, only near-misses are refused: others belong
// to other programs. Runs before `make setup`, so on the Node of the machine and without packages.
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access -- plain JavaScript without the types of Node. */
import { readFileSync } from 'node:fs';
import { env } from 'node:process';

/** @type {Readonly<Record<string, readonly string[]>>} */
const TARGETS = JSON.parse(readFileSync(new URL('make-variables.json', import.meta.url), 'utf8'));
const KNOWN = new Set(Object.values(TARGETS).flat());

/** @param {string | undefined} text */
const words = (text) => (text ?? '').split(/\s+/).filter((word) => word !== '');
const goals = words(env.GOALS);
const known = goals.filter((goal) => Object.hasOwn(TARGETS, goal));
const own = [...new Set(known.flatMap((goal) => TARGETS[goal]))];

const [wrong] = [...unknownGoals(), ...onCommandLine(), ...inEnvironment()];
if (wrong !== undefined) console.log(wrong);

function unknownGoals() {
  return goals
    .filter((goal) => !Object.hasOwn(TARGETS, goal) && !isFile(goal))
    .map((goal) => {
      const variable = goal.toUpperCase();
      return KNOWN.has(variable)
        ? `${goal} is a variable, not a target: write ${variable}=…`
        : `make has no target ${goal}${nearest(goal, Object.keys(TARGETS))}. make help lists them`;
    });
}

/** @param {string} goal */
function isFile(goal) {
  return /[/.]/.test(goal);
}

function onCommandLine() {
  return words(env.GIVEN)
    .filter((name) => !own.includes(name))
    .map((name) => `make ${goals.join(' ')} has no variable ${name}${nearest(name, own)}. ${list()}`);
}

function inEnvironment() {
  return Object.keys(env)
    .filter((name) => env[name] !== '' && !KNOWN.has(name))
    .map((name) => [name, own.find((candidate) => isNearMiss(name, candidate))])
    .filter(([, meant]) => meant !== undefined)
    .map(
      ([name, meant]) =>
        `make ${goals.join(' ')}: the environment has ${name}, but the variable is ${meant}. Rename or unset it. ${list()}`,
    );
}

function list() {
  // make ends the line with a full stop.
  return own.length === 0 ? 'It has none' : `It has ${own.join(', ')}`;
}

/** @param {string} name @param {readonly string[]} candidates */
function nearest(name, candidates) {
  const [first] = candidates.toSorted((a, b) => distance(name, a) - distance(name, b));
  return first !== undefined && distance(name, first) <= Math.max(2, name.length / 3)
    ? `: did you mean ${first}`
    : '';
}

/**
 * Another case, an S more or fewer, a letter more or fewer inside, two exchanged. A hint may err, a refusal must not.
 * @param {string} name @param {string} meant
 */
function isNearMiss(name, meant) {
  const a = name.toUpperCase();
  if (a === meant || `${a}S` === meant || a === `${meant}S`) return true;
  if (meant.length < 4 || a[0] !== meant[0] || a.at(-1) !== meant.at(-1)) return false;
  if (a.length !== meant.length) return distance(a, meant) === 1;
  return distance(a, meant) === 2 && letters(a).toSorted().join() === letters(meant).toSorted().join();
}

/**
 * Edits of a letter that turn one word into the other.
 * @param {string} from @param {string} to
 */
function distance(from, to) {
  const [a, b] = [letters(from), letters(to)];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of a.entries()) {
    const next = [index + 1];
    for (const [at, other] of b.entries())
      next.push(Math.min(next[at] + 1, row[at + 1] + 1, row[at] + (letter === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1);
}

/** @param {string} word */
function letters(word) {
  return word.toUpperCase().split('');
}
