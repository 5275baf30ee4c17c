import { expect, test } from 'vitest';

import { isProven, localSigner, newPrivateKey, proveEvent } from '../src/index.ts';
import { eventsIn, FIRST, hourAfter, sealedDay } from './organization.ts';

test('each event of an hour is proven by its own line, and by no other line, head or key', async () => {
  const day = await sealedDay();
  const { sealed, signer } = day.keeper;
  const { events } = await eventsIn(sealed, FIRST, hourAfter(1));
  expect(events).toHaveLength(12);
  const [other, ...proofs] = await Promise.all(events.map(({ id }) => proveEvent(sealed, FIRST, id)));
  if (!other) throw new Error('There is no proof.');
  const later = await proveEvent(
    sealed,
    hourAfter(1),
    (await eventsIn(sealed, hourAfter(1), hourAfter(2))).events[0]?.id ?? '',
  );
  for (const proof of proofs) {
    if (!proof || !later) throw new Error('There is no proof.');
    expect(isProven(proof, signer.publicKey)).toBe(true);
    expect(isProven({ ...proof, line: other.line }, signer.publicKey)).toBe(false);
    expect(isProven({ ...proof, line: proof.line.replace('e', 'E') }, signer.publicKey)).toBe(false);
    expect(isProven({ ...proof, head: later.head, signature: later.signature }, signer.publicKey)).toBe(
      false,
    );
    expect(isProven(proof, localSigner(newPrivateKey()).publicKey)).toBe(false);
  }
});

test('an event of another hour is not proven', async () => {
  const day = await sealedDay();
  expect(await proveEvent(day.keeper.sealed, hourAfter(3), 'event-1')).toBeUndefined();
});
