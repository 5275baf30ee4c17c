/** Maximum length of a comment on GitHub, in characters. */
export const COMMENT_LENGTH = 65_536;

/**
 * Shortens a review to a number of characters. From the end, it drops folded lists, then whole sections, and notes what
 * it dropped. The beginning, with errors and data losses, stays.
 */
export const shorten = (markdown: string, length: number): string => {
  if (markdown.length <= length) return markdown;
  const note = '> **Shortened.** The complete review is in the job summary.\n\n';
  const [head = '', ...sections] = markdown.split(/^(?=## )/m);
  const room = length - note.length;
  for (const shrink of [withoutFolds, withoutBody])
    for (let index = sections.length - 1; index >= 0; index -= 1) {
      if (head.length + total(sections) <= room) break;
      sections[index] = shrink(sections[index] ?? '');
    }
  return `${note}${head}${sections.join('')}`.slice(0, length);
};

const total = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);

const withoutFolds = (section: string): string =>
  section.replaceAll(/<details><summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, '- $1: omitted here');

const withoutBody = (section: string): string =>
  `${section.split('\n')[0] ?? ''}\n\nOmitted here: ${section.length.toLocaleString('en-US')} characters.\n\n`;
