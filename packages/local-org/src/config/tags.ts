import * as z from 'zod';

import type { Call } from '../protocol/call.ts';
import { parseInput } from '../protocol/parse-input.ts';

interface Tag {
  readonly Key: string;
  readonly Value?: string | undefined;
}

export interface Tags {
  readonly set: (arn: string, tags: readonly Tag[]) => void;
  readonly forget: (arn: string) => void;
  readonly handlers: Readonly<Record<`config:${string}`, (call: Call) => Promise<unknown>>>;
}

const TagSchema = z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).optional() });
const ArnRequest = z.object({ ResourceArn: z.string() });
const TagRequest = z.object({ ResourceArn: z.string(), Tags: z.array(TagSchema).max(50) });
const UntagRequest = z.object({ ResourceArn: z.string(), TagKeys: z.array(z.string()).max(50) });

/** Resources of the local AWS Config itself; the tags of recorders and aggregators are in the emulator. */
const LOCAL = /:(?:config-rule|conformance-pack|organization-conformance-pack|remediation-configuration)\//;

/**
 * Stores the tags of rules, packs and remediation configurations.
 * @param forward forwards a call to the emulator
 */
export const createTags = (forward: (call: Call) => Promise<unknown>): Tags => {
  const tagsOf = new Map<string, Map<string, string>>();

  const add = (arn: string, tags: readonly Tag[]): void => {
    const known = tagsOf.get(arn) ?? new Map<string, string>();
    for (const { Key: key, Value: value = '' } of tags) known.set(key, value);
    tagsOf.set(arn, known);
  };

  const unlessForwarded =
    (answer: (call: Call) => unknown) =>
    async (call: Call): Promise<unknown> =>
      LOCAL.test(parseInput(ArnRequest, call.input).ResourceArn) ? answer(call) : forward(call);

  return {
    set: add,
    forget: (arn) => {
      tagsOf.delete(arn);
    },
    handlers: {
      'config:ListTagsForResource': unlessForwarded((call) => {
        const { ResourceArn: arn } = parseInput(ArnRequest, call.input);
        return { Tags: [...(tagsOf.get(arn) ?? [])].map(([key, value]) => ({ Key: key, Value: value })) };
      }),
      'config:TagResource': unlessForwarded((call) => {
        const { ResourceArn: arn, Tags: tags } = parseInput(TagRequest, call.input);
        add(arn, tags);
        return {};
      }),
      'config:UntagResource': unlessForwarded((call) => {
        const { ResourceArn: arn, TagKeys: keys } = parseInput(UntagRequest, call.input);
        for (const key of keys) tagsOf.get(arn)?.delete(key);
        return {};
      }),
    },
  };
};
