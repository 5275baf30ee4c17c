import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { COMMENT_LENGTH, shorten } from '../src/index.ts';

const section = (title: string, body: string) => `## ${title}\n\n${body}\n\n`;
const folded = (body: string) => `<details><summary>By address</summary>\n\n${body}\n\n</details>`;

describe('shortening a review', () => {
  const head = '# Plan review\n\n**1 error**, 0 warnings. Do not apply this plan.\n\n';

  test('a review that is short enough stays as it is', () => {
    expect(shorten(head, COMMENT_LENGTH)).toBe(head);
  });
  test('a long review loses folded lists first, and says so', () => {
    const long = `${head}${section('Deployment checks', 'a problem')}${section('All changes', folded('x'.repeat(1000)))}`;
    const short = shorten(long, 600);
    expect(short).toContain('> **Shortened.** The complete review is in the job summary.');
    expect(short).toContain('a problem');
    expect(short).toContain('By address: omitted here');
  });
  test('a very long review loses whole sections from the end', () => {
    const long = `${head}${section('Deployment checks', 'a problem')}${section('Cost', 'x'.repeat(1000))}`;
    expect(shorten(long, 600)).toMatch(/a problem[\s\S]*## Cost\n\nOmitted here: 1,011 characters\./);
  });
  test('a shortened review keeps its verdict and never exceeds the limit', () => {
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
