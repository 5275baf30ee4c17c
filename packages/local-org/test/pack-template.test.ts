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

describe('a valid template', () => {
  test('Fn::Sub replaces partition, Region and parameters', () => {
    const { rules } = expand(parameters + rule(), 'cn-north-1');
    expect(rules[0]?.Source.SourceIdentifier).toBe('arn:aws-cn:lambda:cn-north-1:999988887777:function:f');
  });
  test('Ref returns the value of a parameter, otherwise its default', () => {
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

describe('an invalid template', () => {
  test.for([
    ['an unsupported intrinsic function', parameters + rule('Description: !GetAtt A.B'), 'Fn::GetAtt'],
    [
      'a reference to the account id',
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
    ['invalid YAML', '{', 'neither YAML nor JSON'],
  ] as const)('a template with %s is refused', ([, template, reason]) => {
    expect(() => expand(template)).toThrow(reason);
  });
  test('a value for an undeclared parameter is refused', () => {
    expect(() => expand(parameters + rule(), 'eu-west-1', { Master: '1', Other: '2' })).toThrow('Other');
  });
});
