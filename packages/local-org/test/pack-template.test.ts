import { describe, expect, test } from 'vitest';

import { expandPackTemplate } from '../src/config/pack-template.ts';

const rule = (properties = '') => `
Resources:
  Rule:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: some-rule
      ${properties}
      Source:
        Owner: CUSTOM_LAMBDA
        SourceIdentifier: !Sub 'arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${Master}:function:f'
        SourceDetails: [{ EventSource: aws.config, MessageType: ScheduledNotification }]
`;
const parameters = 'Parameters: { Master: { Type: String }, Mode: { Type: String, Default: quiet } }';
const remediation = (role: string, rest = 'DependsOn: Rule') => `
  Remediation:
    Type: AWS::Config::RemediationConfiguration
    ${rest}
    Properties:
      ConfigRuleName: some-rule
      TargetType: SSM_DOCUMENT
      TargetId: document
      Parameters: { AutomationAssumeRole: ${role} }
`;
const expand = (
  template: string,
  region = 'eu-west-1',
  given: Record<string, string> = { Master: '999988887777' },
) => expandPackTemplate(template, { parameters: given, region });

describe('expansion', () => {
  test('Fn::Sub knows partition, Region and parameters', () => {
    const { rules } = expand(parameters + rule(), 'cn-north-1');
    expect(rules[0]?.Source.SourceIdentifier).toBe('arn:aws-cn:lambda:cn-north-1:999988887777:function:f');
  });
  test('Ref takes the value, else the default of a parameter', () => {
    const { rules } = expand(parameters + rule('InputParameters: { Mode: !Ref Mode, Command: X }'));
    expect(rules[0]?.InputParameters).toBe('{"Mode":"quiet","Command":"X"}');
  });
  test('a template may be JSON', () => {
    const template = {
      Resources: {
        R: {
          Type: 'AWS::Config::ConfigRule',
          Properties: { ConfigRuleName: 'r', Source: { Owner: 'CUSTOM_LAMBDA', SourceIdentifier: 'f' } },
        },
      },
    };
    expect(expand(JSON.stringify(template), 'eu-west-1', {}).rules).toHaveLength(1);
  });
  test('a remediation belongs to a rule of the template', () => {
    const { remediations } = expand(parameters + rule() + remediation('{ StaticValue: { Values: [arn] } }'));
    expect(remediations).toMatchObject([{ ConfigRuleName: 'some-rule', TargetId: 'document' }]);
  });
});

describe('refused with the reason', () => {
  test.for([
    ['an unknown function', parameters + rule('Description: !GetAtt A.B'), 'Fn::GetAtt'],
    [
      'the account id, which packs do not know',
      parameters + rule("Description: !Sub '${AWS::AccountId}'"),
      'AWS::AccountId',
    ],
    ['a condition', `Conditions: {}\n${parameters}${rule()}`, 'Conditions'],
    [
      'another resource type',
      'Resources: { B: { Type: AWS::S3::Bucket, Properties: {} } }',
      'Resources.B.Type',
    ],
    ['a property that rules do not have', parameters + rule('Colour: red'), 'Colour'],
    [
      'a parameter without value',
      'Parameters: { P: { Type: String }, Master: { Type: String } }' + rule(),
      'Parameter P',
    ],
    [
      'a computed automation role',
      parameters + rule() + remediation('{ StaticValue: { Values: [!Sub "${Master}"] } }'),
      'not a literal ARN',
    ],
    [
      'a remediation that does not depend on its rule',
      parameters + rule() + remediation('{ StaticValue: { Values: [a] } }', 'DependsOn: Other'),
      'DependsOn',
    ],
    [
      'an empty static value',
      parameters + rule() + remediation('{ StaticValue: { Values: [""] } }'),
      'Remediation',
    ],
    ['what is no YAML', '{', 'neither YAML nor JSON'],
  ] as const)('%s', ([, template, reason]) => {
    expect(() => expand(template)).toThrow(reason);
  });
  test('a value for a parameter that the template does not declare', () => {
    expect(() => expand(parameters + rule(), 'eu-west-1', { Master: '1', Other: '2' })).toThrow('Other');
  });
});
