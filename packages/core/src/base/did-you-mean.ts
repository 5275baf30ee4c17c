import leven from 'leven';

/** ` - did you mean 'accounts'?`, or nothing if no known word is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const [first] = byDistance(word, known);
  return first && first.distance <= Math.max(2, word.length / 3)
    ? ` - did you mean '${first.candidate}'?`
    : '';
};

/** The known words with the fewest edits from the word, nearest first. */
export const nearest = (word: string, known: readonly string[], count = 3): readonly string[] =>
  byDistance(word, known)
    .slice(0, count)
    .map(({ candidate }) => candidate);

const byDistance = (word: string, known: readonly string[]) =>
  known
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
