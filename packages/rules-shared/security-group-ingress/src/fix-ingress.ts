import { change, type Fix, type FixInput } from '@compliance/core/rule';

import { describeOpen, describeUnread, portsIn, shareIn, sourcesIn } from './describe.ts';
import { permissionOf, type Ingress, type IngressRule } from './ingress.ts';
import type { Facts, Handles } from './observe.ts';
import { openPorts, unreadLists, type PortLimits } from './open-ports.ts';
import type { Parameters } from './parameters.ts';
import { authorize, revokeIngress } from './steps.ts';

type Input = FixInput<Facts, Parameters & PortLimits, Handles>;

/**
 * Revokes each rule that alone admits too much.
 * Where only several rules together do, which of them must go is for a person to decide.
 */
export const fixIngress = (input: Input): Fix<Facts> => {
  const { resource, facts, handles, parameters } = input;
  const open = openPorts(handles.rules, facts.prefixLists, parameters);
  const revoked = [...new Set(open.flatMap(({ wide }) => wide))];
  const advice = adviceFor(afterwards(handles.rules, revoked, parameters), input);
  if (revoked.length === 0) return { manual: advice ?? `Check the rules of ${resource.resourceId}.` };
  const wide = open.filter((port) => port.wide.length > 0);
  // Not how many: a group of instances that scales would change its plan each time.
  const use = handles.interfaces.length > 0 ? 'which is in use' : 'which no network interface uses';
  return change<Facts>({
    description: `Revoke the rules that let ${shareIn(wide)} reach ${portsIn(wide)} of ${resource.resourceId}, ${use}`,
    risk: 'disruptive',
    steps: [
      // Authorize before revoking, so that replacements never lose access.
      ...authorize(resource.resourceId, revoked, parameters.replacementCidrs),
      ...revoked.map((rule) =>
        revokeIngress(resource.resourceId, { ...rule, permission: permissionOf(rule) }),
      ),
    ],
    ...(advice !== undefined && { effectiveAfter: { manual: advice } }),
    inCode: {
      terraform: `aws_vpc_security_group_ingress_rule, or ingress of aws_security_group: no rule for ${portsIn(wide)} from ${sourcesIn(revoked)}`,
      cloudFormation: `AWS::EC2::SecurityGroup: no SecurityGroupIngress for ${portsIn(wide)} from ${sourcesIn(revoked)}`,
    },
  });
};

/** The sources that the group admits after the fix. */
const afterwards = (
  rules: readonly IngressRule[],
  revoked: readonly IngressRule[],
  { replacementCidrs }: Parameters,
): Ingress[] => [
  ...rules.filter((rule) => !revoked.includes(rule)),
  ...revoked.flatMap((rule) => replacementCidrs.map((source) => ({ ...rule, source }))),
];

/** What a person must do about these sources; `undefined` when nothing. */
const adviceFor = (
  ingress: readonly Ingress[],
  { resource: { resourceId }, facts: { prefixLists }, parameters }: Input,
): string | undefined => {
  const open = openPorts(ingress, prefixLists, parameters);
  if (open.length > 0)
    return `Narrow the rules of ${resourceId} that together are too wide: ${describeOpen(open)}`;
  const unread = unreadLists(ingress, prefixLists, parameters.ports);
  return unread.length > 0
    ? `Check what the rules of ${resourceId} admit: ${describeUnread(unread, prefixLists)}`
    : undefined;
};
