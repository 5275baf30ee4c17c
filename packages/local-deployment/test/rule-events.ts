import * as z from 'zod';

import type { Story } from './story.ts';

const SentEvent = z.looseObject({
  accountId: z.string(),
  ruleParameters: z.string(),
  invokingEvent: z.string(),
});
const InvokingEvent = z.looseObject({ configurationItem: z.looseObject({ resourceId: z.string() }) });

interface Changes {
  readonly event?: object;
  readonly invokingEvent?: object;
  readonly configurationItem?: object;
}

/** Finds the first event of a resource, and returns a function that sends it again, with changes. */
export const firstEventOf = ({ org }: Pick<Story, 'org'>, resourceId: string) => {
  const sent = org
    .invocations()
    .find(({ invocationType, event }) => invocationType === 'Event' && isAbout(event, resourceId));
  if (!sent) throw new Error(`No event of AWS Config found: ${resourceId}.`);
  const event = SentEvent.parse(sent.event);
  return (changes: Changes = {}): void => org.sendRaw(sent.functionArn, changed(event, changes));
};

const isAbout = (event: unknown, resourceId: string) =>
  SentEvent.safeParse(event).data?.invokingEvent.includes(`"resourceId":"${resourceId}"`);

const changed = (sent: z.infer<typeof SentEvent>, { event, invokingEvent, configurationItem }: Changes) => {
  const invoking = InvokingEvent.parse(JSON.parse(sent.invokingEvent));
  return {
    ...sent,
    invokingEvent: JSON.stringify({
      ...invoking,
      configurationItem: { ...invoking.configurationItem, ...configurationItem },
      ...invokingEvent,
    }),
    ...event,
  };
};
