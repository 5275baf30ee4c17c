import { GetPublicKeyCommand, SignCommand, type KMSClient } from '@aws-sdk/client-kms';

import { failureKind, permanent } from '@compliance/core';

import { isSignedBy, publicKeyOfDer, type PublicKey, type Signer } from './signer.ts';

/**
 * Signs with a key in KMS that nobody can export: ECC_NIST_EDWARDS25519, for SIGN_VERIFY.
 * `ED25519_SHA_512` over the RAW message is the Ed25519 that Node and OpenSSL verify; `ED25519_PH_SHA_512` is not.
 * @throws {ComplianceError} `no-signing-key` when the key is missing, disabled, of another kind, or refuses the caller
 * @throws {Error} when a signature does not verify
 */
export const kmsSigner = async (client: KMSClient, keyArn: string): Promise<Signer> => {
  const publicKey = await use(keyArn, () => readPublicKey(client, keyArn));
  return {
    publicKey,
    sign: async (bytes) => {
      const command = new SignCommand({
        KeyId: keyArn,
        Message: bytes,
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
      });
      const { Signature } = await use(keyArn, () => client.send(command));
      if (Signature && isSignedBy(bytes, Signature, publicKey)) return Buffer.from(Signature);
      // A signature that does not verify must never be stored: nobody could remove it.
      throw new Error(`The signature by ${keyArn} does not verify with its public key.`);
    },
  };
};

const readPublicKey = async (client: KMSClient, keyArn: string): Promise<PublicKey> => {
  const { PublicKey: der } = await client.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  if (!der) throw new Error('Incomplete answer of KMS: it has no public key.');
  return publicKeyOfDer(der);
};

/** Says which key it is about: the answers of KMS do not always name it. */
const use = async <Answer>(keyArn: string, call: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await call();
  } catch (error) {
    if (failureKind(error) === 'transient') throw error;
    throw permanent(
      'no-signing-key',
      `The signing key ${keyArn} cannot be used. Enable it, let the keeper's role use it, or set another one (ledger.signingKeyArn); until then, no hour is sealed.`,
      error,
    );
  }
};
