import { GetPublicKeyCommand, SignCommand, type KMSClient } from '@aws-sdk/client-kms';

import { isSignedBy, publicKeyOfDer, type Signer } from './signer.ts';

/**
 * Signs with a key in KMS that nobody can export: ECC_NIST_EDWARDS25519, for SIGN_VERIFY.
 * `ED25519_SHA_512` over the RAW message is the Ed25519 that Node and OpenSSL verify; `ED25519_PH_SHA_512` is not.
 * @throws {Error} when a signature does not verify
 */
export const kmsSigner = async (client: KMSClient, keyArn: string): Promise<Signer> => {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  if (!PublicKey) throw new Error(`Incomplete answer of KMS: ${keyArn} has no public key.`);
  const publicKey = publicKeyOfDer(PublicKey);
  return {
    publicKey,
    sign: async (bytes) => {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyArn,
          Message: bytes,
          MessageType: 'RAW',
          SigningAlgorithm: 'ED25519_SHA_512',
        }),
      );
      if (Signature && isSignedBy(bytes, Signature, publicKey)) return Buffer.from(Signature);
      // A signature that does not verify must never be stored: nobody could remove it.
      throw new Error(`The signature by ${keyArn} does not verify with its public key.`);
    },
  };
};
