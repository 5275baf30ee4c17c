import { inAscii } from '../base/ascii.ts';
import { printable } from '../base/printable.ts';
import { shortened } from './names.ts';

/** AWS Config accepts 256 characters, but does not document how it counts those beyond ASCII. */
const ANNOTATION_LENGTH = 250;
const DESCRIPTION_LENGTH = 250;
const ADVICE_LENGTH = 1000;

/** The text as an annotation: 1 to 250 printable ASCII characters. */
export const annotationText = (text: string): string =>
  fitted(inAscii(text).trim(), ANNOTATION_LENGTH) || 'No reason was given.';

/** The text as the description of a plan: one line that every terminal prints. */
export const descriptionText = (text: string): string => fittedLine(text, DESCRIPTION_LENGTH);

/** What a person must do, or code to write, on one line. */
export const adviceText = (text: string): string => fittedLine(text, ADVICE_LENGTH);

const fittedLine = (text: string, length: number): string =>
  fitted(printable(text.replaceAll(/\s+/g, ' ').trim()), length).toWellFormed();

/**
 * The text in at most `length` characters. Its longest words become shorter first: they are names, ARNs and values, and
 * what the rule says of them stays. What is still too long keeps both ends, because a reason often is the end.
 */
const fitted = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const candidates = WORD_LENGTHS.map((longest) =>
    text.replaceAll(/\S+/g, (word) => shortened(word, longest)),
  );
  return (
    candidates.find((candidate) => candidate.length <= length) ?? shortened(candidates.at(-1) ?? text, length)
  );
};

/** No word of a reason is longer than the last; a random id of AWS is recognised by less. */
const WORD_LENGTHS = [120, 90, 70, 50, 40, 30, 24] as const;
