import { NO_COUNTS, type Unit } from '@compliance/dashboard-data';

import { plural } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import { setParams, useRoute } from '../base/use-route.ts';
import { HeatMap, matrixRow, sumRows } from '../charts/heat-map.tsx';
import { accountRow } from '../data/rows.ts';
import { loadUnit, useLoaded } from '../data/use-files.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { AccountLink } from '../ui/links.tsx';
import { Ready } from '../ui/message.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { ShowAll } from '../ui/show-all.tsx';
import { StateBar, StateLegend } from '../ui/state.tsx';
import { Name } from '../ui/text.tsx';
import { AccountTable } from './accounts.tsx';
import { NotFound } from './not-found.tsx';
import { columnsOf } from './organization/unit-map.tsx';

/** A unit: its accounts, and how each stands by requirement. */
export const UnitView = ({ unit }: { readonly unit: string }) => {
  const { overview, byUnit } = useOrganization();
  const index = overview.units.indexOf(unit);
  if (index === -1) return <NotFound what={`unit '${unit}'`} where="accounts" />;
  // Asked for before the table is made, which takes as long as the file. What fails is said by the matrix.
  loadUnit(overview, index).catch(() => {});
  const counts = byUnit[index] ?? NO_COUNTS;
  const members = [...overview.accounts.unit.keys()].filter(
    (account) => overview.accounts.unit[account] === index,
  );
  return (
    <>
      <PageHead title={unit} trail={[['Accounts', ['accounts']]]}>
        <p class="muted">{plural(members.length, 'account')}</p>
      </PageHead>
      <Card title="Unit">
        <StateBar counts={counts} />
        <StateLegend counts={counts} />
      </Card>
      <AccountTable indexes={members} hideUnit />
      <UnitMatrix key={unit} index={index} />
    </>
  );
};

/** More rows are shown by a click: 250 accounts are 20,000 cells. */
const SHOWN = 15;

const UnitMatrix = ({ index }: { readonly index: number }) => {
  const { overview } = useOrganization();
  const loaded = useLoaded(`unit ${index}`, () => loadUnit(overview, index));
  return (
    <Ready loaded={loaded} what="the accounts of the unit">
      {(unit) => <Matrix unit={unit} />}
    </Ready>
  );
};

const Matrix = ({ unit }: { readonly unit: Unit }) => {
  const { overview } = useOrganization();
  const { params } = useRoute();
  const [framework] = overview.frameworks;
  const isWhole = params.get('rows') === 'all';
  const wanted = params.get('requirement');
  // A cell of the organization's map leads here with its requirement, or with its section.
  const inSection =
    framework?.requirements.filter(({ section }) => section === wanted).map(({ id }) => id) ?? [];
  const columns = framework
    ? columnsOf(framework, false).filter(
        ({ id }) => wanted === null || id === wanted || inSection.includes(id),
      )
    : [];
  const allRules = [...new Set(columns.flatMap((column) => column.rules))];
  const rows = unit.accounts
    .map((account, row) => {
      const counts = matrixRow(overview, unit.matrix, row);
      const { violating, unknown } = counts(allRules);
      return { account: accountRow(overview, account), counts, open: violating + unknown };
    })
    .toSorted((a, b) => b.open - a.open);
  return (
    <Card
      title="Score by account and requirement"
      note={framework && `${framework.title}. In percent; the accounts with the most open findings first.`}
      more={
        wanted !== null && (
          <button type="button" class="quiet" onClick={() => setParams({ requirement: '' })}>
            All requirements instead of <Name text={wanted} />
          </button>
        )
      }
    >
      <HeatMap
        caption="Score by account and requirement"
        corner="Account"
        summary={{
          key: '',
          title: 'All accounts',
          counts: matrixRow(overview, sumRows(overview, unit.matrix), 0),
          link: ({ to }) => to,
        }}
        columns={columns}
        rows={rows.slice(0, isWhole ? undefined : SHOWN).map(({ account, counts }) => ({
          key: account.id,
          title: <AccountLink account={account} />,
          counts,
          link: ({ rules }) =>
            linkTo(['account', account.id], {
              rule: rules.flatMap((rule) => overview.rules[rule]?.command ?? []).join(','),
            }),
        }))}
      />
      {rows.length > SHOWN && !isWhole && (
        <ShowAll shown={SHOWN} all={rows.length} what="accounts" param="rows" />
      )}
    </Card>
  );
};
