import type { Account, State, Step } from '@compliance/dashboard-data';

import { day, duration } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import { isSingleFile } from '../data/load-file.ts';
import { accountRow, findingRows } from '../data/rows.ts';
import { loadAccount, useLoaded } from '../data/use-files.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { Facts } from '../ui/facts.tsx';
import { OwnerLink, RuleLink } from '../ui/links.tsx';
import { Empty, Ready } from '../ui/message.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SeverityMark } from '../ui/severity.tsx';
import { StateMark } from '../ui/state.tsx';
import { StoryTimeline } from '../ui/story.tsx';
import { LongText, Name } from '../ui/text.tsx';
import { NotFound } from './not-found.tsx';

export interface ResourceId {
  readonly accountId: string;
  readonly region: string;
  readonly type: string;
  readonly resource: string;
}

/** A resource: its state under each rule, and its story. */
export const ResourceView = (id: ResourceId) => {
  const { overview } = useOrganization();
  const index = overview.accounts.id.indexOf(id.accountId);
  if (index === -1) return <NotFound what={`account '${id.accountId}'`} where="accounts" />;
  return <Loaded id={id} index={index} />;
};

const Loaded = ({ id, index }: { readonly id: ResourceId; readonly index: number }) => {
  const { overview } = useOrganization();
  const loaded = useLoaded(`account ${index}`, () => loadAccount(overview, index));
  return (
    <Ready loaded={loaded} what="the account of the resource">
      {(account) => <Content id={id} index={index} account={account} />}
    </Ready>
  );
};

const Content = ({
  id,
  index,
  account,
}: {
  readonly id: ResourceId;
  readonly index: number;
  readonly account: Account;
}) => {
  const { overview } = useOrganization();
  const isIt = (other: Pick<ResourceId, 'region' | 'type' | 'resource'>) =>
    other.resource === id.resource && other.region === id.region && other.type === id.type;
  const rows = findingRows(overview, index, account).filter(isIt);
  const stories = account.stories.filter(isIt);
  const row = accountRow(overview, index);
  const name =
    rows.find((one) => one.name !== '')?.name ?? stories.find((one) => one.name !== undefined)?.name;
  const owner =
    rows.find((one) => one.owner !== '')?.owner ??
    stories.find((one) => one.owner !== undefined)?.owner ??
    row.owner;
  return (
    <>
      <PageHead
        title={name ?? id.resource}
        isMono
        trail={[
          ['Accounts', ['accounts']],
          [row.name === '' ? row.id : row.name, ['account', row.id]],
        ]}
      >
        <Facts
          facts={[
            ['Id', name === undefined ? undefined : <LongText mono text={id.resource} />],
            ['Type', <Name mono text={id.type} />],
            ['Region', <Name text={id.region} />],
            ['Owner', <OwnerLink owner={owner} nobody="nobody" />],
          ]}
        />
      </PageHead>
      <States rows={rows} stories={stories} />
      {stories.length === 0 && (
        <Card title="Story">
          <Empty>Nothing happened to it within 90 days that the ledger records.</Empty>
        </Card>
      )}
      {stories.map((story, position) => (
        <Card key={position} title={`Story: ${overview.rules[story.rule]?.title ?? 'a former rule'}`}>
          <StoryTimeline story={story} />
        </Card>
      ))}
    </>
  );
};

interface StatesProps {
  readonly rows: ReturnType<typeof findingRows>;
  readonly stories: Account['stories'];
}

/** What was found last, where no finding is left of it. */
const ENDED: readonly Step[] = ['compliant', 'verified'];

const States = ({ rows, stories }: StatesProps) => {
  const { overview } = useOrganization();
  const open = new Set(rows.map(({ rule }) => rule));
  const compliant = stories.flatMap(({ rule: index, steps }) => {
    const rule = overview.rules[index];
    const last = steps.at(-1);
    return rule && !open.has(rule) && last && ENDED.includes(last.step) ? [{ rule, since: last.time }] : [];
  });
  return (
    <Card title="State now">
      {rows.length + compliant.length === 0 && (
        <Empty>
          No rule finds it violating, exempt, excluded or unknown
          {isSingleFile() ? '.' : ': a search by its id shows the compliant verdicts as well.'}
        </Empty>
      )}
      <ul class="states-now">
        {rows.map(({ rule, state, since, annotation, exemption }) => (
          <li key={rule.command}>
            <StateMark state={state} />
            <span class="two-lines">
              <RuleLink rule={rule} />
              {annotation !== '' && (
                <span class="small">
                  <LongText text={annotation} />
                </span>
              )}
              <Exemption id={exemption} state={state} />
            </span>
            <SeverityMark severity={rule.severity} />
            <span class="small muted" title={day(since)}>
              for {duration(overview.asOf - since)}
            </span>
          </li>
        ))}
        {compliant.map(({ rule, since }) => (
          <li key={rule.command}>
            <StateMark state="compliant" />
            <span class="two-lines">
              <RuleLink rule={rule} />
            </span>
            <SeverityMark severity={rule.severity} />
            <span class="small muted" title={day(since)}>
              for {duration(overview.asOf - since)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
};

/** Why it is accepted, who approved it and until when. */
const Exemption = ({ id, state }: { readonly id: string; readonly state: State }) => {
  const { exemptions, texts } = useOrganization().overview;
  if (state !== 'exempt' || id === '') return null;
  const row = exemptions.id.indexOf(id);
  if (row === -1)
    return (
      <span class="small muted">
        Exempt by <Name text={id} />
      </span>
    );
  return (
    <span class="small">
      <a href={linkTo(['exemptions'], { find: id })}>
        <Name text={id} />
      </a>
      , until {day(exemptions.expires[row] ?? 0)}, approved by{' '}
      <Name text={texts[exemptions.approver[row] ?? -1] ?? ''} />:{' '}
      <LongText text={exemptions.reason[row] ?? ''} />
    </span>
  );
};
