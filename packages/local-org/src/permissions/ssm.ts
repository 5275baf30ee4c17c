import * as z from 'zod';
import { text, texts, type Call } from '../protocol/call.ts';
import {
  anyResource,
  regionalArn,
  resourceInParameter,
  passRole,
  actionsOn,
  type RequiredPermission,
  type ServicePermissions,
} from './required-permission.ts';

const parameterArns = (call: Call): readonly string[] =>
  [...texts(call, 'Name'), ...texts(call, 'Names'), ...texts(call, 'Path')].map((name) =>
    regionalArn(call, 'ssm', 'parameter/', name.replace(/^\//, '')),
  );
const automationStart = (call: Call): readonly RequiredPermission[] => {
  const document = text(call, 'DocumentName') ?? '*';
  const resource = document.startsWith('arn:')
    ? document
    : `${regionalArn(call, 'ssm', 'automation-definition/', document)}:*`;
  const given = z.object({ AutomationAssumeRole: z.array(z.string()) }).safeParse(call.input['Parameters']);
  return [
    { action: 'ssm:StartAutomationExecution', resource },
    ...passRole(given.data?.AutomationAssumeRole[0], 'ssm.amazonaws.com'),
  ];
};
const automationExecution = resourceInParameter('AutomationExecutionId', 'ssm', 'automation-execution/');
const document = resourceInParameter('Name', 'ssm', 'document/');

export const ssmPermissions: ServicePermissions = {
  ...actionsOn(
    parameterArns,
    `
    GetParameter GetParameters GetParametersByPath PutParameter DeleteParameter
  `,
  ),
  ...actionsOn(
    document,
    `
    GetDocument DescribeDocument DescribeDocumentPermission ModifyDocumentPermission
  `,
  ),
  ...actionsOn(automationExecution, 'GetAutomationExecution StopAutomationExecution'),
  ...actionsOn(anyResource, 'DescribeAutomationExecutions DescribeParameters ListDocuments'),
  ...actionsOn(
    resourceInParameter('SettingId', 'ssm', 'servicesetting'),
    `
    GetServiceSetting UpdateServiceSetting ResetServiceSetting
  `,
  ),
  StartAutomationExecution: automationStart,
};
