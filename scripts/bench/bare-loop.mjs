/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access -- plain JavaScript has no types. */
// The lower bound for any tool on this SDK: one client, the same calls, nothing else. Plain JavaScript, like the SDK.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../packages/core/package.json', import.meta.url));
const { S3Client, ListBucketsCommand, GetBucketVersioningCommand } = require('@aws-sdk/client-s3');
const { NodeHttpHandler } = require('@smithy/node-http-handler');

const [, , inFlight] = process.argv;
const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: Number(inFlight) } });
const client = new S3Client({ requestHandler });
const { Buckets } = await client.send(new ListBucketsCommand({ MaxBuckets: 10_000 }));

let violations = 0;
const before = process.cpuUsage();
const names = Buckets.values();
const work = async () => {
  for (const { Name } of names) {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: Name }));
    if (Status !== 'Enabled') violations += 1;
  }
};
await Promise.all(Array.from({ length: Number(inFlight) }, work));
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ violations, cpuMsPerCall: (user + system) / 1000 / Buckets.length }));
