import { describe, expect, test } from 'vitest';
import { parseCall } from '../src/protocol/parse-call.ts';
import { parseForm } from '../src/protocol/parse-form.ts';

const parse = async (
  service: string,
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body = '',
) => {
  const [path = '/', query = ''] = url.split('?');
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIAX/20261125/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
  return parseCall({
    method,
    path,
    query: new URLSearchParams(query),
    headers: { host: '127.0.0.1:1', authorization, ...headers },
    body: Buffer.from(body),
  });
};

describe('REST', () => {
  test.for([
    ['s3', 'GET', '/?x-id=ListBuckets', {}, 'ListBuckets', {}],
    ['s3', 'GET', '/', {}, 'ListBuckets', {}],
    ['s3', 'PUT', '/photos', {}, 'CreateBucket', { Bucket: 'photos' }],
    ['s3', 'PUT', '/photos/', {}, 'CreateBucket', { Bucket: 'photos' }],
    ['s3', 'HEAD', '/photos/', {}, 'HeadBucket', { Bucket: 'photos' }],
    ['s3', 'DELETE', '/photos', {}, 'DeleteBucket', { Bucket: 'photos' }],
    ['s3', 'GET', '/photos', {}, 'ListObjects', { Bucket: 'photos' }],
    ['s3', 'GET', '/photos?list-type=2&prefix=a', {}, 'ListObjectsV2', { Bucket: 'photos', Prefix: 'a' }],
    ['s3', 'GET', '/photos?versioning', {}, 'GetBucketVersioning', { Bucket: 'photos' }],
    ['s3', 'PUT', '/photos?versioning=', {}, 'PutBucketVersioning', { Bucket: 'photos' }],
    ['s3', 'PUT', '/photos?policy', {}, 'PutBucketPolicy', { Bucket: 'photos' }],
    ['s3', 'DELETE', '/photos?encryption', {}, 'DeleteBucketEncryption', { Bucket: 'photos' }],
    ['s3', 'GET', '/photos?publicAccessBlock', {}, 'GetPublicAccessBlock', { Bucket: 'photos' }],
    ['s3', 'GET', '/photos/a%20b/c', {}, 'GetObject', { Bucket: 'photos', Key: 'a b/c' }],
    ['s3', 'GET', '/photos/a?versionId=1', {}, 'GetObject', { Key: 'a', VersionId: '1' }],
    ['s3', 'PUT', '/photos/a/', {}, 'PutObject', { Key: 'a/' }],
    ['s3', 'PUT', '/photos/a', { 'x-amz-copy-source': 'b/c' }, 'CopyObject', { Key: 'a', CopySource: 'b/c' }],
    ['s3', 'PUT', '/photos/a?partNumber=1&uploadId=2', {}, 'UploadPart', { Key: 'a', UploadId: '2' }],
    ['s3', 'POST', '/photos?delete', {}, 'DeleteObjects', { Bucket: 'photos' }],
    [
      's3',
      'GET',
      '/?versioning',
      { host: 'photos.127.0.0.1:1' },
      'GetBucketVersioning',
      { Bucket: 'photos' },
    ],
    ['s3', 'GET', '/v20180820/configuration/publicAccessBlock', {}, 'GetPublicAccessBlock', {}],
    ['access-analyzer', 'PUT', '/analyzer', {}, 'CreateAnalyzer', {}],
    ['macie2', 'PATCH', '/macie', {}, 'UpdateMacieSession', {}],
    ['securityhub', 'POST', '/standards/register', {}, 'BatchEnableStandards', {}],
    ['securityhub', 'POST', '/standards/get', {}, 'GetEnabledStandards', {}],
    ['elasticfilesystem', 'GET', '/2015-02-01/file-systems', {}, 'DescribeFileSystems', {}],
    ['apigateway', 'PATCH', '/restapis/a/stages/s', {}, 'UpdateStage', { restApiId: 'a', stageName: 's' }],
    ['apigateway', 'PATCH', '/v2/apis/a/stages/s', {}, 'UpdateStage', { ApiId: 'a', StageName: 's' }],
    ['cloudfront', 'PUT', '/2020-05-31/distribution/E1/config', {}, 'UpdateDistribution', { Id: 'E1' }],
    ['lambda', 'GET', '/2015-03-31/functions', {}, 'ListFunctions', {}],
    ['lambda', 'GET', '/2015-03-31/functions/', {}, 'ListFunctions', {}],
    [
      'lambda',
      'GET',
      '/2015-03-31/functions/f?Qualifier=operator',
      {},
      'GetFunction',
      { FunctionName: 'f', Qualifier: 'operator' },
    ],
    [
      'lambda',
      'POST',
      '/2015-03-31/functions/arn%3Aaws%3Ax/invocations',
      {},
      'Invoke',
      { FunctionName: 'arn:aws:x' },
    ],
    ['lambda', 'GET', '/2015-03-31/functions/f/policy', {}, 'GetPolicy', { FunctionName: 'f' }],
    ['lambda', 'POST', '/2015-03-31/functions/f/versions', {}, 'PublishVersion', { FunctionName: 'f' }],
    ['guardduty', 'GET', '/detector', {}, 'ListDetectors', {}],
    ['guardduty', 'POST', '/detector/d1', {}, 'UpdateDetector', { DetectorId: 'd1' }],
    ['guardduty', 'GET', '/detector/d1/administrator', {}, 'GetAdministratorAccount', { DetectorId: 'd1' }],
    ['account', 'POST', '/getAlternateContact', {}, 'GetAlternateContact', {}],
  ] as const)(
    'the operation of %s %s %s is $4',
    async ([service, method, url, headers, operation, input]) => {
      await expect(parse(service, method, url, headers)).resolves.toMatchObject({ operation, input });
    },
  );

  test('the public access block of an account belongs to s3-control', async () => {
    await expect(parse('s3', 'GET', '/v20180820/configuration/publicAccessBlock')).resolves.toMatchObject({
      service: 's3-control',
    });
  });
  test('the content of an S3 object is not parsed as parameters', async () => {
    const ndjson = { 'content-type': 'application/x-ndjson' };
    await expect(parse('s3', 'PUT', '/photos/a', ndjson, '{"Key":"b"}\n{}\n')).resolves.toMatchObject({
      operation: 'PutObject',
      input: { Bucket: 'photos', Key: 'a' },
    });
  });
  test('a JSON body is part of the input, the payload of Invoke is not', async () => {
    const json = { 'content-type': 'application/json' };
    await expect(
      parse('lambda', 'POST', '/2015-03-31/functions/f/policy', json, '{"Action":"a"}'),
    ).resolves.toMatchObject({
      input: { FunctionName: 'f', Action: 'a' },
    });
    const invocation = await parse('lambda', 'POST', '/2015-03-31/functions/f/invocations', json, '{"x":1}');
    expect(invocation.input).toEqual({ FunctionName: 'f' });
  });
  test('the error for an unknown path names the request', async () => {
    await expect(parse('lambda', 'GET', '/nowhere')).rejects.toThrow('lambda: GET /nowhere');
  });
});

describe('other protocols', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

  test('the operation of a JSON request is in the X-Amz-Target header', async () => {
    const headers = {
      'x-amz-target': 'StarlingDoveService.PutEvaluations',
      'content-type': 'application/x-amz-json-1.1',
    };
    await expect(parse('config', 'POST', '/', headers, '{"TestMode":true}')).resolves.toMatchObject({
      service: 'config',
      operation: 'PutEvaluations',
      protocol: 'json',
      region: 'eu-west-1',
      input: { TestMode: true },
    });
  });
  test('the operation of a query request is the Action of the form', async () => {
    await expect(parse('ec2', 'POST', '/', form, 'Action=DescribeVpcs&VpcId.1=vpc-1')).resolves.toMatchObject(
      {
        operation: 'DescribeVpcs',
        protocol: 'ec2',
        input: { VpcId: ['vpc-1'] },
      },
    );
  });
  test('a presigned request has its credential scope in the query', async () => {
    const query = 'Action=GetCallerIdentity&X-Amz-Credential=AKIAY/20261125/us-east-1/sts/aws4_request';
    await expect(parse('x', 'GET', `/?${query}`)).resolves.toMatchObject({
      service: 'sts',
      operation: 'GetCallerIdentity',
      accessKeyId: 'AKIAY',
    });
  });
  test('the operation of an RPC v2 CBOR request is the end of the path', async () => {
    const headers = { 'smithy-protocol': 'rpc-v2-cbor' };
    await expect(
      parse('monitoring', 'POST', '/service/Granite/operation/PutMetricData', headers),
    ).resolves.toMatchObject({
      service: 'cloudwatch',
      operation: 'PutMetricData',
    });
  });
  test('an unsigned request is refused', async () => {
    await expect(parse('s3', 'GET', '/', { authorization: '' })).rejects.toMatchObject({
      code: 'MissingAuthenticationToken',
    });
  });
});

test.for([
  ['VpcId.2=b&VpcId.1=a', { VpcId: ['a', 'b'] }],
  ['PolicyArns.member.1.arn=x', { PolicyArns: [{ arn: 'x' }] }],
  ['Filter.1.Name=n&Filter.1.Value.1=v', { Filter: [{ Name: 'n', Value: ['v'] }] }],
] as const)('the form %s parses into %j', ([form, input]) => {
  expect(parseForm(new URLSearchParams(form))).toMatchObject(input);
});
