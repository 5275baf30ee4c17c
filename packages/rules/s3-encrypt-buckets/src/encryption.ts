import { GetBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { hasCode } from '@compliance/core/rule';
import { bucketSetting } from '@compliance/s3-bucket';
import * as z from 'zod';

/** From the weakest to the strongest. */
export const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;
const Algorithm = z.enum(ALGORITHMS);

/** `null`: none, which S3 has not answered since January 2023. */
export const Facts = z.object({ algorithm: Algorithm.nullable() });

/** The rules as S3 has them: what a fix does not change stays, and an undo restores all. */
export const Handles = z.object({
  rules: z.array(
    z.looseObject({
      ApplyServerSideEncryptionByDefault: z.object({
        SSEAlgorithm: Algorithm,
        KMSMasterKeyID: z.string().exactOptional(),
      }),
      BucketKeyEnabled: z.boolean().exactOptional(),
    }),
  ),
});

export const observeEncryption = bucketSetting<z.infer<typeof Facts>, z.infer<typeof Handles>>({
  item: ({ supplementary }) => {
    const { data } = ItemEncryption.safeParse(supplementary['ServerSideEncryptionConfiguration']);
    return data && { algorithm: data.rules[0].applyServerSideEncryptionByDefault.sseAlgorithm };
  },
  read: async (bucket, session) => {
    try {
      const answer = await session.client(S3Client).send(new GetBucketEncryptionCommand(bucket));
      const handles = Handles.parse({ rules: answer.ServerSideEncryptionConfiguration?.Rules ?? [] });
      const algorithm = handles.rules[0]?.ApplyServerSideEncryptionByDefault.SSEAlgorithm ?? null;
      return { facts: { algorithm }, handles };
    } catch (error) {
      if (!hasCode(error, 'ServerSideEncryptionConfigurationNotFoundError')) throw error;
      return { facts: { algorithm: null }, handles: { rules: [] } };
    }
  },
});

const ItemEncryption = z.object({
  rules: z.tuple([z.object({ applyServerSideEncryptionByDefault: z.object({ sseAlgorithm: Algorithm }) })]),
});
