import { countsAt, score, type Account } from '@compliance/dashboard-data';

import { duration, instant, percent } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import { accountRow, findingRows } from '../data/rows.ts';
import { loadAccount, useLoaded } from '../data/use-files.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Facts } from '../ui/facts.tsx';
import { findingColumns } from '../ui/finding-columns.tsx';
import { Empty, Ready } from '../ui/message.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { StateBar, StateLegend } from '../ui/state.tsx';
import { STEP_TITLES } from '../ui/story.tsx';
import { OwnerLink } from '../ui/links.tsx';
import { Name } from '../ui/text.tsx';
import { NotFound } from './not-found.tsx';

/** An account: what is not compliant there, and what happened lately. */
export const AccountView = ({ id }: { readonly id: string }) => {
  const { overview } = useOrganization();
  const index = overview.accounts.id.indexOf(id);
  if (index === -1) return <NotFound what={`account '${id}'`} where="accounts" />;
  const account = accountRow(overview, index);
  const counts = countsAt(overview.accountCounts, index);
  return (
    <>
      <PageHead
        title={account.name === '' ? id : account.name}
        trail={[
          ['Accounts', ['accounts']],
          [account.unit, ['unit', account.unit]],
        ]}
      >
        <Facts
          facts={[
            ['Account', <code>{id}</code>],
            ['Score', <b>{percent(score(counts))}</b>],
            ['Owner', <OwnerLink owner={account.owner} nobody="nobody" />],
            [
              'Last swept',
              account.swept === 0 ? (
                <b class="warning">never: nothing is known of this account</b>
              ) : (
                `${instant(account.swept)}, ${duration(overview.asOf - account.swept)} before the data`
              ),
            ],
          ]}
        />
      </PageHead>
      <Card title="States">
        <StateBar counts={counts} />
        <StateLegend counts={counts} />
      </Card>
      <Content key={id} index={index} />
    </>
  );
};

const Content = ({ index }: { readonly index: number }) => {
  const { overview } = useOrganization();
  const loaded = useLoaded(`account ${index}`, () => loadAccount(overview, index));
  return (
    <Ready loaded={loaded} what="the account">
      {(account) => (
        <>
          <h2>What is not compliant</h2>
          <DataTable
            caption="Findings of the account"
            noun="finding"
            rows={findingRows(overview, index, account)}
            columns={findingColumns(overview.asOf, ['account'])}
            sort="severity"
            fileName={`account-${account.account}`}
            empty="Everything is compliant here."
          />
          <Lately account={account} />
        </>
      )}
    </Ready>
  );
};

const SHOWN = 20;

const Lately = ({ account }: { readonly account: Account }) => {
  const { overview } = useOrganization();
  return (
    <Card
      title="What happened lately"
      note="The resources with events of the last 90 days, the most recent first"
    >
      {account.stories.length === 0 && <Empty>Nothing changed.</Empty>}
      <ol class="ranking">
        {account.stories.slice(0, SHOWN).map(({ rule, resource, name, type, region, steps }, position) => {
          const last = steps.at(-1);
          return (
            <li key={position}>
              <span class="two-lines">
                <a href={linkTo(['resource', account.account, region, type, resource])}>
                  <Name mono text={name ?? resource} />
                </a>
                <span class="small muted">{overview.rules[rule]?.title}</span>
              </span>
              {last && (
                <span class="small">
                  {STEP_TITLES[last.step]} · {instant(last.time)}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </Card>
  );
};
