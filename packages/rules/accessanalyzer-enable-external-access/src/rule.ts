import {
  AccessAnalyzerClient,
  CreateAnalyzerCommand,
  DeleteAnalyzerCommand,
} from '@aws-sdk/client-accessanalyzer';
import {
  ACCOUNT_TYPE,
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  observeAccount,
  operation,
  shortened,
  undoCall,
} from '@compliance/core/rule';
import * as z from 'zod';

import { Facts, Handles, NAME, observeAnalyzers } from './analyzers.ts';

const READS = ['access-analyzer:ListAnalyzers'];
const OURS = `arn:*:access-analyzer:*:*:analyzer/${NAME}`;

export const rule = defineRule({
  command: 'ACCESSANALYZER_ENABLE_EXTERNAL_ACCESS',
  title: 'An analyzer of external access is active in every Region',
  rationale: 'It reports each bucket, role, key and queue that somebody outside can use, and it is free.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  deploy: 'every-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.3': ['1.21'],
    'cis-1.4': ['1.20'],
    'cis-1.5': ['1.20'],
    'cis-2.0': ['1.20'],
    'cis-3.0': ['1.20'],
    'cis-4.0': ['1.20'],
    'cis-4.0.1': ['1.20'],
    'cis-5.0': ['1.19'],
    'cis-6.0': ['2.19'],
    'cis-7.0': ['2.18'],
  },
  equivalents: {
    config: ['IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED'],
    securityHub: ['IAM.28'],
    prowler: ['accessanalyzer_enabled'],
    steampipe: ['iam_access_analyzer_enabled'],
    custodian: ['account: access-analyzer'],
  },
  parameters: z.object({
    acceptOrganizationAnalyzer: z
      .boolean()
      .default(true)
      .describe(
        "An analyzer of the organization counts in the account that has it. Members do not see it, and need the account's own.",
      ),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: READS,
    get: READS,
    fix: [
      { action: 'access-analyzer:CreateAnalyzer', resource: OURS },
      // The first analyzer of an account creates the role of the service.
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: 'arn:*:iam::*:role/aws-service-role/access-analyzer.amazonaws.com/*',
        condition: { StringEquals: { 'iam:AWSServiceName': 'access-analyzer.amazonaws.com' } },
        implied: true,
      },
    ],
    undo: [{ action: 'access-analyzer:DeleteAnalyzer', resource: OURS }],
  },

  observe: observeAccount(observeAnalyzers),

  judge: ({ analyzers }, { region, parameters }) => {
    const counted = analyzers.filter(
      ({ type }) => type === 'ACCOUNT' || parameters.acceptOrganizationAnalyzer,
    );
    const [first] = counted;
    if (counted.some(({ status }) => status === 'ACTIVE')) return compliant();
    return nonCompliant(
      first
        ? `The analyzer ${shortened(first.name)} in ${region} is ${shortened(first.status)}, not ACTIVE.`
        : `There is no analyzer of external access in ${region}.`,
    );
  },

  fix: ({ facts: { analyzers }, handles: { nameIsTaken }, region }) => {
    // AWS allows one of this type per account and Region, whatever its status.
    const own = analyzers.find(({ type }) => type === 'ACCOUNT');
    if (own)
      return {
        manual: `Find out why the analyzer ${own.name} in ${region} is ${own.status}. If it stays so, delete it, with its findings and archive rules; a fix creates a new one.`,
      };
    if (nameIsTaken)
      return {
        manual: `Create an analyzer of type ACCOUNT in ${region}: the name ${NAME} belongs to an analyzer of another type.`,
      };
    return change({
      description: `Create an analyzer of external access in ${region}`,
      risk: 'safe',
      inCode: {
        terraform: 'aws_accessanalyzer_analyzer: type = "ACCOUNT"',
        cloudFormation: 'AWS::AccessAnalyzer::Analyzer: Type: ACCOUNT',
      },
      steps: [
        call(
          AccessAnalyzerClient,
          CreateAnalyzerCommand,
          { analyzerName: NAME, type: 'ACCOUNT' },
          {
            undo: undoCall(
              AccessAnalyzerClient,
              DeleteAnalyzerCommand,
              { analyzerName: NAME },
              { alreadyDone: ['ResourceNotFoundException'] },
            ),
          },
        ),
      ],
      // Until then it is CREATING.
      effectiveAfter: { seconds: 60 },
    });
  },

  undo: { operations: [operation(AccessAnalyzerClient, DeleteAnalyzerCommand)] },
});
