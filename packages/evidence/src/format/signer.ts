import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

import { sha256 } from './sha256.ts';

/** A key that signs heads by Ed25519. The private half may be where nobody can read it. */
export interface Signer {
  readonly publicKey: PublicKey;
  sign(bytes: Uint8Array): Promise<Buffer>;
}

export interface PublicKey {
  readonly pem: string;
  /** The SHA-256 of the public key in DER, in hex. */
  readonly fingerprint: string;
}

/** @throws {Error} when it is no public key for Ed25519 */
export const publicKeyOf = (pem: string): PublicKey => describeKey(parseKey(pem));

const parseKey = (pem: string): KeyObject => {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(
    `A key for ${key.asymmetricKeyType} cannot sign heads. Use Ed25519 (ECC_NIST_EDWARDS25519 in KMS).`,
  );
};

/** A public key in DER, as KMS answers it. */
export const publicKeyOfDer = (der: Uint8Array): PublicKey =>
  publicKeyOf(
    createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
      .export({ format: 'pem', type: 'spki' })
      .toString(),
  );

const describeKey = (key: KeyObject): PublicKey => ({
  pem: key.export({ format: 'pem', type: 'spki' }).toString(),
  fingerprint: sha256(key.export({ format: 'der', type: 'spki' })),
});

/** Signs with a private key of this process. */
export const localSigner = (privateKeyPem: string): Signer => {
  const key = createPrivateKey(privateKeyPem);
  const publicKey = publicKeyOf(createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString());
  return { publicKey, sign: async (bytes) => sign(null, bytes, key) };
};

/** A new private key, in PEM. */
export const newPrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

export const isSignedBy = (bytes: Uint8Array, signature: Uint8Array, { pem }: PublicKey): boolean =>
  verify(null, bytes, createPublicKey(pem), signature);
