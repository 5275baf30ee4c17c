import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { inclusionProof, leafHash, rootByProof, rootOf } from '../src/format/merkle.ts';

/** The tree hash of RFC 6962, 2.1, by its definition. */
const treeHash = (leaves: readonly Buffer[]): Buffer => {
  const hash = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return hash(Buffer.from([0]), ...leaves);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return hash(Buffer.from([1]), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
};

const lines = (count: number) => Array.from({ length: count }, (_, index) => Buffer.from(`line ${index}`));

test('the root of every number of leaves is the one that RFC 6962 defines', () => {
  for (let count = 0; count <= 70; count += 1)
    expect(rootOf(lines(count).map(leafHash)).equals(treeHash(lines(count)))).toBe(true);
});

test('the root of known leaves is that of the test vectors of Certificate Transparency', () => {
  const vectors = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const leaves = vectors.map((hex) => leafHash(Buffer.from(hex, 'hex')));
  expect(rootOf([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(rootOf(leaves).toString('hex')).toBe(
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  );
});

test('a proof leads from its own leaf to the root, and from no other one', () => {
  for (const count of [1, 2, 3, 7, 8, 33]) {
    const leaves = lines(count).map(leafHash);
    for (const [index, leaf] of leaves.entries()) {
      const proof = inclusionProof(leaves, index);
      expect(rootByProof(leaf, proof).equals(rootOf(leaves))).toBe(true);
      expect(rootByProof(leafHash(Buffer.from('another')), proof).equals(rootOf(leaves))).toBe(false);
    }
  }
});
