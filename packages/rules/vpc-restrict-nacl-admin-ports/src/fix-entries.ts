import { CreateNetworkAclEntryCommand, DeleteNetworkAclEntryCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  call,
  change,
  firstOf,
  undoCall,
  type CallStep,
  type Fix,
  type FixInput,
} from '@compliance/core/rule';
import { familyOf, portsIn } from '@compliance/security-group-ingress';
import type { Entry } from '@compliance/vpc-network';

import { exposures, type Exposure, type Limits } from './exposures.ts';
import type { Facts, Handles } from './observe.ts';

export interface Parameters extends Limits {
  readonly fixMode: 'insertDeny' | 'removeAllow';
  readonly ignoreUnassociated: boolean;
}

/** Denies the ports before the entry that opens them, or deletes that entry. */
export const fixEntries = (input: FixInput<Facts, Parameters, Handles>): Fix<Facts> => {
  const { resource, facts, handles, parameters } = input;
  const aclId = resource.resourceId;
  const exposed = exposures(facts.entries, parameters);
  const acl = `${aclId} (of ${firstOf(handles.subnets) || 'no subnet'})`;
  if (parameters.fixMode === 'removeAllow') {
    const opening = openingEntries(facts.entries, parameters);
    return change<Facts>({
      description: `Delete the entries ${firstOf(
        opening.map(({ ruleNumber }) => String(ruleNumber)),
        10,
      )} of ${acl}`,
      risk: 'disruptive',
      steps: opening.map((entry) => deleteEntry(aclId, entry)),
      inCode: { terraform: `aws_network_acl: no ingress that allows the internet ${portsIn(exposed)}` },
    });
  }
  const denials = denialsFor(exposed, facts.entries);
  if ('manual' in denials) return { manual: `Renumber the entries of ${aclId}: ${denials.manual}` };
  return change<Facts>({
    description: `Deny ${portsIn(exposed)} in ${acl} to all that no earlier entry allows`,
    risk: 'disruptive',
    steps: denials.entries.map((entry) => createEntry(aclId, entry)),
    inCode: {
      terraform: `aws_network_acl_rule: rule_action = "deny" for ${portsIn(exposed)}, with a lower rule_number than what allows them`,
      cloudFormation: `AWS::EC2::NetworkAclEntry: RuleAction: deny for ${portsIn(exposed)}, with a lower RuleNumber than what allows them`,
    },
  });
};

/** The entries without which no port is exposed: those with which the share became too much, one after another. */
const openingEntries = (entries: readonly Entry[], limits: Limits): Entry[] => {
  const [first] = exposures(entries, limits);
  if (!first) return [];
  const rest = entries.filter(({ ruleNumber }) => ruleNumber !== first.decisive.ruleNumber);
  return [first.decisive, ...openingEntries(rest, limits)];
};

/**
 * One entry for each exposed port. Its number is the highest free one before the decisive entry and after all earlier
 * ones that decide about the port, so that what they allow stays allowed.
 */
const denialsFor = (
  exposed: readonly Exposure[],
  entries: readonly Entry[],
): { readonly entries: readonly Entry[] } | { readonly manual: string } => {
  const taken = new Set(entries.map(({ ruleNumber }) => ruleNumber));
  const denials: Entry[] = [];
  for (const { family, protocol, port, decisive, after } of exposed) {
    let ruleNumber = decisive.ruleNumber - 1;
    while (taken.has(ruleNumber)) ruleNumber -= 1;
    if (ruleNumber <= after)
      return {
        manual: `no number is free between ${after} and ${decisive.ruleNumber} for an entry that denies ${protocol} ${port}.`,
      };
    taken.add(ruleNumber);
    const cidr = family === 'ipv4' ? '0.0.0.0/0' : '::/0';
    denials.push({ ruleNumber, action: 'deny', protocol, fromPort: port, toPort: port, cidr });
  }
  return { entries: denials };
};

const GONE = ['InvalidNetworkAclEntry.NotFound', 'InvalidNetworkAclID.NotFound'];
/** Of this run, or of somebody else under the same number, which the verification then finds. */
const EXISTS = ['NetworkAclEntryAlreadyExists'];

const createEntry = (aclId: string, entry: Entry): CallStep =>
  call(EC2Client, CreateNetworkAclEntryCommand, creation(aclId, entry), {
    alreadyDone: EXISTS,
    undo: undoCall(EC2Client, DeleteNetworkAclEntryCommand, deletion(aclId, entry), { alreadyDone: GONE }),
  });

const deleteEntry = (aclId: string, entry: Entry): CallStep =>
  call(EC2Client, DeleteNetworkAclEntryCommand, deletion(aclId, entry), {
    alreadyDone: GONE,
    undo: undoCall(EC2Client, CreateNetworkAclEntryCommand, creation(aclId, entry), { alreadyDone: EXISTS }),
  });

const deletion = (NetworkAclId: string, { ruleNumber }: Entry) => ({
  NetworkAclId,
  RuleNumber: ruleNumber,
  Egress: false,
});

const creation = (NetworkAclId: string, entry: Entry) => ({
  ...deletion(NetworkAclId, entry),
  RuleAction: entry.action,
  Protocol: entry.protocol === 'all' ? '-1' : entry.protocol === 'tcp' ? '6' : '17',
  ...(entry.protocol !== 'all' && { PortRange: { From: entry.fromPort, To: entry.toPort } }),
  ...(familyOf(entry.cidr) === 'ipv6' ? { Ipv6CidrBlock: entry.cidr } : { CidrBlock: entry.cidr }),
});
