import leven from 'leven';

/** ` - did you mean 'accounts'?`, or nothing if no known word is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(2, word.length / 3)
    ? ` - did you mean '${nearest.candidate}'?`
    : '';
};
