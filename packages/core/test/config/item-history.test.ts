import { ConfigServiceClient, GetResourceConfigHistoryCommand } from '@aws-sdk/client-config-service';
import { describe, expect, test } from 'vitest';

import { parseConfigurationItem } from '../../src/rule/configuration-item.ts';
import { itemFromHistory } from '../../src/config/item-history.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';
import { sampleApiItem, sampleItem } from '../../src/testing/sample-events.ts';

type HistoryPage = { readonly configurationItems?: object[]; readonly nextToken?: string };

const summary = parseConfigurationItem({
  ...sampleItem(),
  configuration: null,
  supplementaryConfiguration: {},
});
const historyOf = (...pages: (HistoryPage | Error)[]) =>
  fakeSession({
    allow: ['config:GetResourceConfigHistory'],
    answers: [
      on(ConfigServiceClient, GetResourceConfigHistoryCommand, () => {
        const page = pages.shift() ?? {};
        if (page instanceof Error) throw page;
        return page;
      }),
    ],
  });

describe('itemFromHistory', () => {
  test('the item is read as it was captured', async () => {
    const session = historyOf({ configurationItems: [sampleApiItem()] });
    await expect(itemFromHistory(session, summary)).resolves.toEqual(parseConfigurationItem(sampleItem()));
    expect(session.sent).toMatchObject([
      {
        input: {
          resourceType: 'AWS::S3::Bucket',
          resourceId: 'demo-logs',
          limit: 1,
          laterTime: summary.captureTime,
        },
      },
    ]);
  });

  test('an empty page of the history that is not the last is skipped', async () => {
    const session = historyOf(
      { configurationItems: [], nextToken: 'more' },
      { configurationItems: [sampleApiItem()] },
    );
    await expect(itemFromHistory(session, summary)).resolves.toMatchObject({ resourceId: 'demo-logs' });
    expect(session.sent[1]).toMatchObject({ input: { nextToken: 'more' } });
  });

  test.each<[string, HistoryPage | Error]>([
    ['an empty history', { configurationItems: [] }],
    ['a resource not yet discovered', awsError('ResourceNotDiscoveredException')],
  ])('%s is a transient failure', async (_, page) => {
    await expect(itemFromHistory(historyOf(page), summary)).rejects.toMatchObject({
      kind: 'transient',
      code: 'item-not-yet-there',
    });
  });

  test('another failure of the history is thrown as it is', async () => {
    await expect(
      itemFromHistory(historyOf(awsError('AccessDeniedException')), summary),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
