import { json, jsonError, xml, xmlError, type Answer } from './answer.ts';
import { MASTER, remediationEvent } from '../sample-world.ts';
import { REGION } from '../start-fake-aws.ts';
import { answerConfig } from './config.ts';
import { answerItems } from './config-items.ts';
import { answerDynamoDb } from './dynamodb.ts';
import { accessKeyIdOf, type Call } from './parse-call.ts';
import { answerS3 } from './s3.ts';
import { isWithinLimit, type State } from './state.ts';

export const answerCall = (call: Call, state: State): Answer => {
  switch (call.service) {
    case 's3':
      return isWithinLimit(state, call.accountId) ? answerS3(call, state) : xmlError(503, 'SlowDown');
    case 'config':
      return answerItems(call, state) ?? answerConfig(call, state);
    case 'dynamodb':
      return answerDynamoDb(call, state);
    case 'sts':
      return answerSts(call);
    case 'logs':
      return answerLogs(call, state);
    case 'sns':
      return answerSns(call);
    case 'ssm':
      return answerSsm(call);
    case 'account':
      return call.operation === 'POST /listRegions'
        ? json({ Regions: [{ RegionName: REGION, RegionOptStatus: 'ENABLED_BY_DEFAULT' }] })
        : // No security contact.
          jsonError('ResourceNotFoundException');
    case 'tagging':
      return json({ ResourceTagMappingList: [] });
    default:
      throw new Error(`The fake AWS does not support ${call.service}:${call.operation}.`);
  }
};

/** The stop switch of the organization, and the automation that proves the bench's remediation. */
const answerSsm = ({ operation }: Call): Answer => {
  if (operation !== 'GetAutomationExecution')
    return json({ Parameter: { Name: '/compliance/stop', Type: 'String', Value: 'off' } });
  const { complianceCommand, resourceType, resourceId, executionId } = remediationEvent();
  return json({
    AutomationExecution: {
      AutomationExecutionId: executionId,
      AutomationExecutionStatus: 'InProgress',
      DocumentName: `arn:aws:ssm:${REGION}:${MASTER}:document/compliance-remediation`,
      Parameters: {
        ComplianceCommand: [complianceCommand],
        ResourceType: [resourceType],
        ResourceId: [resourceId],
      },
    },
  });
};

const answerSts = ({ operation, accountId, body }: Call): Answer => {
  if (operation === 'GetCallerIdentity')
    return xml(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${accountId}:user/bench</Arn><UserId>AIDABENCH</UserId><Account>${accountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  const role = new URLSearchParams(body).get('RoleArn') ?? '';
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  return xml(
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${accessKeyIdOf(role.split(':')[4] ?? '')}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
};

const answerLogs = ({ operation, body }: Call, { logStreams }: State): Answer => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK wrote it.
  const { logStreamName } = JSON.parse(body) as { logStreamName: string };
  if (operation === 'CreateLogStream') logStreams.add(logStreamName);
  return logStreams.has(logStreamName) ? json({}) : jsonError('ResourceNotFoundException');
};

const answerSns = ({ operation, body }: Call): Answer => {
  const entries = new URLSearchParams(body)
    .entries()
    .filter(([name]) => name.endsWith('.Id'))
    .map(([, id]) => `<member><Id>${id}</Id><MessageId>m</MessageId></member>`);
  return xml(
    `<${operation}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${operation}Result><Successful>${[...entries].join('')}</Successful><Failed/><MessageId>m</MessageId></${operation}Result></${operation}Response>`,
  );
};
