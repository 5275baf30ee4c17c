import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetStagesCommand,
  type Stage,
} from '@aws-sdk/client-apigatewayv2';
import type { Session } from '@compliance/core/rule';

interface Page<Item> {
  readonly Items?: readonly Item[] | undefined;
  readonly NextToken?: string | undefined;
}

/** All stages of the HTTP and WebSocket APIs of a Region. The SDK has no paginators for them. */
export async function* stagesOf(session: Session): AsyncGenerator<{ apiId: string; stage: Stage }> {
  const client = session.client(ApiGatewayV2Client);
  const apis = pages((NextToken) => client.send(new GetApisCommand({ MaxResults: '500', NextToken })));
  for await (const { ApiId = '' } of apis) {
    const stages = pages((NextToken) =>
      client.send(new GetStagesCommand({ ApiId, MaxResults: '500', NextToken })),
    );
    for await (const stage of stages) yield { apiId: ApiId, stage };
  }
}

async function* pages<Item>(
  read: (nextToken: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  let nextToken: string | undefined;
  do {
    const { Items = [], NextToken } = await read(nextToken);
    yield* Items;
    nextToken = NextToken;
  } while (nextToken !== undefined && nextToken !== '');
}
