import { NONE } from '@compliance/dashboard-data';

/** The dictionary of a file: each text once, in the order in which it was first used. */
export const createTexts = () => {
  const indexes = new Map<string, number>();
  const indexOf = (text: string): number => {
    const known = indexes.get(text);
    if (known !== undefined) return known;
    indexes.set(text, indexes.size);
    return indexes.size - 1;
  };
  return {
    indexOf,
    /** `NONE` where there is no text. */
    optional: (text: string | undefined): number => (text === undefined ? NONE : indexOf(text)),
    all: (): string[] => [...indexes.keys()],
  };
};
export type Texts = ReturnType<typeof createTexts>;

export const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
