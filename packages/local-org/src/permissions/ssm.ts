import * as z from 'zod';
import { text, texts, type Call } from '../protocol/call.ts';
import {
  anywhere,
  arn,
  parameter,
  passRole,
  sameName,
  type Need,
  type ServicePermissions,
} from './required-permission.ts';

const parameterArns = (call: Call): readonly string[] =>
  [...texts(call, 'Name'), ...texts(call, 'Names'), ...texts(call, 'Path')].map((name) =>
    arn(call, 'ssm', 'parameter/', name.replace(/^\//, '')),
  );
const automationStart = (call: Call): readonly Need[] => {
  const document = text(call, 'DocumentName') ?? '*';
  const resource = document.startsWith('arn:')
    ? document
    : `${arn(call, 'ssm', 'automation-definition/', document)}:*`;
  const given = z.object({ AutomationAssumeRole: z.array(z.string()) }).safeParse(call.input['Parameters']);
  return [
    { action: 'ssm:StartAutomationExecution', resource },
    ...passRole(given.data?.AutomationAssumeRole[0], 'ssm.amazonaws.com'),
  ];
};
const automationExecution = parameter('AutomationExecutionId', 'ssm', 'automation-execution/');
const document = parameter('Name', 'ssm', 'document/');

export const ssmPermissions: ServicePermissions = {
  ...sameName(
    parameterArns,
    `
    GetParameter GetParameters GetParametersByPath PutParameter DeleteParameter
  `,
  ),
  ...sameName(
    document,
    `
    GetDocument DescribeDocument DescribeDocumentPermission ModifyDocumentPermission
  `,
  ),
  ...sameName(automationExecution, 'GetAutomationExecution StopAutomationExecution'),
  ...sameName(anywhere, 'DescribeAutomationExecutions DescribeParameters ListDocuments'),
  ...sameName(
    parameter('SettingId', 'ssm', 'servicesetting'),
    `
    GetServiceSetting UpdateServiceSetting ResetServiceSetting
  `,
  ),
  StartAutomationExecution: automationStart,
};
