import { createHash } from 'node:crypto';

// RFC 6962, 2.1: different first bytes, so that no node can be taken for a leaf.
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export const leafHash = (line: Uint8Array): Buffer => createHash('sha256').update(LEAF).update(line).digest();

const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(NODE).update(left).update(right).digest();

/** The root over leaf hashes, as RFC 6962 defines it. */
export const rootOf = (leaves: readonly Buffer[]): Buffer => {
  // Each level joins neighbours; a last one without a neighbour rises as it is. That is the same tree.
  let level = leaves;
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) =>
      joined(level[index * 2], level[index * 2 + 1]),
    );
  return level[0] ?? createHash('sha256').digest();
};

const joined = (left: Buffer | undefined, right: Buffer | undefined): Buffer => {
  if (left && right) return nodeHash(left, right);
  if (left) return left;
  throw new Error('A node of a Merkle tree has no leaf below it.');
};

/** One step from a leaf to the root: the hash of the neighbour, and on which side it is. */
export interface ProofStep {
  readonly side: 'left' | 'right';
  readonly hash: Buffer;
}

/** The neighbours of a leaf on its way to the root: 18 of them among 250,000 leaves. */
export const inclusionProof = (leaves: readonly Buffer[], index: number): readonly ProofStep[] => {
  const steps: ProofStep[] = [];
  let level = leaves;
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const isRight = at % 2 === 1;
    const hash = level[isRight ? at - 1 : at + 1];
    if (hash) steps.push({ side: isRight ? 'left' : 'right', hash });
    const below = level;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, node) =>
      joined(below[node * 2], below[node * 2 + 1]),
    );
  }
  return steps;
};

/** The root that a proof leads to from a leaf. */
export const rootByProof = (leaf: Buffer, proof: readonly ProofStep[]): Buffer =>
  proof.reduce(
    (hash, step) => (step.side === 'left' ? nodeHash(step.hash, hash) : nodeHash(hash, step.hash)),
    leaf,
  );
