import { createOrgEvents } from '../../../packages/local-org/src/base/org-event.ts';
import { createWork } from '../../../packages/local-org/src/base/work.ts';
import { createEmulatorClients } from '../../../packages/local-org/src/emulator/clients.ts';
import { createUpstream } from '../../../packages/local-org/src/emulator/upstream.ts';
import { listen, type Listening } from '../../../packages/local-org/src/gateway/listen.ts';
import { createAdvancedQueries } from '../../../packages/local-org/src/items/advanced-queries.ts';
import { createHistory } from '../../../packages/local-org/src/items/history.ts';
import { createItemQueries } from '../../../packages/local-org/src/items/item-queries.ts';
import { createRecorders } from '../../../packages/local-org/src/items/recorder.ts';
import { createRecording } from '../../../packages/local-org/src/items/recording.ts';
import {
  operationName,
  type Call,
  type RawReply,
  type RawRequest,
} from '../../../packages/local-org/src/protocol/call.ts';
import { parseCall } from '../../../packages/local-org/src/protocol/parse-call.ts';
import { jsonReply } from '../../../packages/local-org/src/protocol/replies.ts';

/** The operations that the emulator lacks. */
const QUERIES = ['config:SelectResourceConfig', 'config:BatchGetResourceConfig'] as const;
const WITHIN_MS = 300_000;

/**
 * The emulator, with AWS Config's queries of what the recorders of an account have recorded: everything that it has now,
 * in the Regions that have a recorder.
 */
export const startRecordedItems = async (
  emulatorUrl: string,
  accountId: string,
  regions: readonly string[],
): Promise<Listening> => {
  const clients = createEmulatorClients(emulatorUrl);
  const [recorders, history, work] = [createRecorders(clients), createHistory(), createWork()];
  const upstream = createUpstream(emulatorUrl);
  const now = () => new Date();
  const { discover } = createRecording({
    clients,
    recorders,
    history,
    regions,
    now,
    work,
    events: createOrgEvents(),
    onItem: () => {},
  });
  for (const region of regions) discover({ accountId, region });
  await work.whenIdle({ withinMs: WITHIN_MS });

  const forward = (request: RawRequest) => upstream.forward(request, accountId);
  const handlers = {
    ...createItemQueries(history),
    ...createAdvancedQueries({
      history,
      recorders,
      clients,
      accountIds: () => [accountId],
      regions,
      now,
      forward: ({ request }) => forward(request),
    }),
  };
  const answer = async (request: RawRequest): Promise<RawReply> => {
    if (request.headers['x-amz-target'] === undefined) return forward(request);
    const call = callOf(await parseCall(request), accountId);
    const query = QUERIES.find((name) => name === operationName(call));
    return query === undefined ? forward(request) : jsonReply(await handlers[query](call));
  };

  return listen(answer);
};

const callOf = (parsed: Awaited<ReturnType<typeof parseCall>>, accountId: string): Call => ({
  ...parsed,
  accountId,
  principal: { type: 'admin', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId },
});
