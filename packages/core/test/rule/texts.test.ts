import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { change } from '../../src/rule/change.ts';
import { adviceText, annotationText, descriptionText } from '../../src/rule/texts.ts';

const ARN = `arn:aws:iam::111122223333:role/${'path/'.repeat(60)}admin`;
const anyText = fc.string({ unit: 'binary', maxLength: 600 });

describe('annotationText', () => {
  test('any text becomes an annotation of 1 to 250 printable ASCII characters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(annotationText(text)).toMatch(/^[ -~]{1,250}$/);
      }),
    );
  });

  test('an annotation stays as it is when it is converted again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(annotationText(annotationText(text))).toBe(annotationText(text));
      }),
    );
  });

  test.each([
    ['Versioning is Off.', 'Versioning is Off.'],
    ['  two\n\tlines ', 'two lines'],
    ['', 'No reason was given.'],
    [' \n ', 'No reason was given.'],
    ['Bücher', 'B?cher'],
    ['x'.repeat(250), 'x'.repeat(250)],
  ])('the text %j becomes the annotation %j', (text, annotation) => {
    expect(annotationText(text)).toBe(annotation);
  });

  test('a long name becomes shorter, and the reason around it stays', () => {
    expect(annotationText(`The role ${ARN} has AdministratorAccess, which 3 users may assume.`)).toMatch(
      /^The role arn:aws:iam::111122223333:role\/\S+\.\.\.\S+\/admin has AdministratorAccess, which 3 users may assume\.$/,
    );
  });

  test('two long names become equally short, and a short one stays', () => {
    const annotation = annotationText(`${ARN} and ${ARN} may assume deploy in 111122223333.`);
    const [first = '', , second = ''] = annotation.split(' ');
    expect(first).toBe(second);
    expect(annotation.endsWith(' may assume deploy in 111122223333.')).toBe(true);
  });

  test('a text of too many words keeps its end, where the reason often is', () => {
    expect(annotationText(`The rule ${'a b '.repeat(500)} admits everybody.`)).toMatch(
      /^The rule a b .*\.\.\..* admits everybody\.$/,
    );
  });
});

test('a description is one line of at most 250 characters without a control character, and keeps other letters', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const description = descriptionText(`Delete ${text}`);
      expect(description.length).toBeLessThanOrEqual(250);
      expect(description).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      expect(description.isWellFormed()).toBe(true);
    }),
  );
  expect(descriptionText('Delete Köln\r\n\u202e 日本')).toBe('Delete Köln \\u202e 日本');
});

test('a change has its texts on one line each, whatever the names in them', () => {
  const made = change({
    description: 'Delete\nit',
    risk: 'safe',
    steps: [],
    effectiveAfter: { manual: 'Ask\nsomebody' },
    inCode: { terraform: 'aws_thing:\nnone', cloudFormation: 'AWS::Thing:\nnone' },
  });
  expect(made).toMatchObject({
    description: 'Delete it',
    effectiveAfter: { manual: 'Ask somebody' },
    inCode: { terraform: 'aws_thing: none', cloudFormation: 'AWS::Thing: none' },
  });
  expect(change({ description: 'Do it', risk: 'safe', steps: [] })).toEqual({
    description: 'Do it',
    risk: 'safe',
    steps: [],
  });
  expect(adviceText('x'.repeat(10_000)).length).toBeLessThanOrEqual(1000);
});
