import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { COMMENT_LENGTH, shorten } from '../src/index.ts';

const section = (title: string, body: string) => `## ${title}\n\n${body}\n\n`;
const folded = (body: string) => `<details><summary>By address</summary>\n\n${body}\n\n</details>`;

describe('a review that is too long for a comment', () => {
  const head = '# Plan review\n\n**1 error**, 0 warnings. Do not apply this plan.\n\n';

  test('is left alone when it is not', () => {
    expect(shorten(head, COMMENT_LENGTH)).toBe(head);
  });
  test('loses what is folded first, and says so', () => {
    const long = `${head}${section('Wiring', 'a link')}${section('Every change', folded('x'.repeat(1000)))}`;
    const short = shorten(long, 600);
    expect(short).toContain('> **Shortened.** The whole review is in the summary of the job');
    expect(short).toContain('a link');
    expect(short).toContain('By address: left out here');
  });
  test('loses whole sections from the end next', () => {
    const long = `${head}${section('Wiring', 'a link')}${section('Cost', 'x'.repeat(1000))}`;
    expect(shorten(long, 600)).toMatch(/a link[\s\S]*## Cost\n\nLeft out here: 1,011 characters\./);
  });
  test('keeps its verdict, and is never longer than allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 }), { maxLength: 30 }), (bodies) => {
        const long = `${head}${bodies.map((body, index) => section(`Part ${index}`, body)).join('')}`;
        const short = shorten(long, 400);
        expect(short.length).toBeLessThanOrEqual(400);
        expect(short).toContain('**1 error**, 0 warnings. Do not apply this plan.');
      }),
    );
  });
});
