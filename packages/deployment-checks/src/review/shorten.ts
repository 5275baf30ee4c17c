/** What GitHub takes for a comment, in characters. */
export const COMMENT_LENGTH = 65_536;

/**
 * A review of at most so many characters. What is folded goes first, from the end, then whole sections; the beginning,
 * with errors and losses, stays. What was left out is said where it was.
 */
export const shorten = (markdown: string, length: number): string => {
  if (markdown.length <= length) return markdown;
  const note = '> **Shortened.** The whole review is in the summary of the job that wrote this.\n\n';
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
  section.replaceAll(/<details><summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, '- $1: left out here');

const withoutBody = (section: string): string =>
  `${section.split('\n')[0] ?? ''}\n\nLeft out here: ${section.length.toLocaleString('en-US')} characters.\n\n`;
