import type { Overview } from '@compliance/dashboard-data';
import { useMemo, useState } from 'preact/hooks';

import { day, plural } from '../base/format.ts';
import { linkTo } from '../base/route.ts';
import type { Column } from '../data/columns.ts';
import { findVerdicts, type FoundVerdict, type FoundVerdicts } from '../data/find-verdicts.ts';
import { isSingleFile } from '../data/load-file.ts';
import { searchNames } from '../data/search-names.ts';
import { useLoaded } from '../data/use-files.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { DataTable } from '../ui/data-table.tsx';
import { AccountLink, RuleLink } from '../ui/links.tsx';
import { Empty, Ready } from '../ui/message.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { STATE_TITLES, StateMark } from '../ui/state.tsx';
import { Name } from '../ui/text.tsx';

/** Finds names in the overview, and resources by the beginning of their id in the large file. */
export const SearchView = ({ words }: { readonly words: string }) => {
  const { overview } = useOrganization();
  const groups = searchNames(overview, words);
  return (
    <>
      <PageHead title={words === '' ? 'Search' : `Search: ${words}`} />
      {groups.map(({ title, hits, total }) => (
        <Card
          key={title}
          title={title}
          more={
            total > hits.length && (
              <span class="small muted">
                the first {hits.length} of {total}
              </span>
            )
          }
        >
          <ul class="ranking">
            {hits.map(({ to, name, detail }) => (
              <li key={name + detail}>
                <a href={linkTo(to)}>
                  <Name text={name} />
                </a>
                <span class="small muted">
                  <Name text={detail} />
                </span>
              </li>
            ))}
          </ul>
        </Card>
      ))}
      {groups.length === 0 && (
        <Empty>No rule, requirement, account, unit, owner or exemption has this in its name.</Empty>
      )}
      <Resources key={words} words={words} />
    </>
  );
};

/** A shorter one is in too many ids. */
const SHORTEST = 3;

const Resources = ({ words }: { readonly words: string }) => {
  const { overview } = useOrganization();
  const [isWanted] = useState(overview.levels.verdicts > 0 && !isSingleFile());
  return (
    <Card
      title="Resources whose id begins with it"
      note="The case counts. Parts in the middle of an id are not searched: the file of all verdicts is sorted by id."
    >
      {!isWanted && (
        <Empty>
          This data has no file of all verdicts. Open an account and use its own search: it finds every part
          of a name.
        </Empty>
      )}
      {isWanted && words.length < SHORTEST && <Empty>Type at least {SHORTEST} characters of the id.</Empty>}
      {isWanted && words.length >= SHORTEST && <Found words={words} />}
    </Card>
  );
};

const Found = ({ words }: { readonly words: string }) => {
  const loaded = useLoaded(`verdicts ${words}`, () => findVerdicts(words));
  return (
    <Ready loaded={loaded} what="the resources">
      {(found) => <FoundTable found={found} />}
    </Ready>
  );
};

const FoundTable = ({ found: { rows, isShortened } }: { readonly found: FoundVerdicts }) => {
  const { overview } = useOrganization();
  const columns = useMemo(() => columnsOf(overview), [overview]);
  return (
    <>
      {isShortened && (
        <p class="small">
          More begin with it than are shown ({plural(rows.length, 'verdict')}). Type more of the id.
        </p>
      )}
      <DataTable
        caption="Verdicts"
        noun="verdict"
        rows={rows}
        columns={columns}
        sort="resource"
        fileName="verdicts"
        empty="No id begins with it."
      />
    </>
  );
};

const columnsOf = ({ rules, accounts }: Overview): readonly Column<FoundVerdict>[] => [
  {
    id: 'resource',
    title: 'Resource',
    value: ({ resource }) => resource,
    show: ({ resource, account, region, type }) => (
      <a href={linkTo(['resource', account, region, type, resource])}>
        <Name mono text={resource} />
      </a>
    ),
  },
  { id: 'name', title: 'Name', value: ({ name }) => name, isMinor: true },
  {
    id: 'state',
    title: 'State',
    value: ({ state }) => STATE_TITLES[state],
    show: ({ state }) => <StateMark state={state} />,
    isFacet: true,
    isPlain: true,
  },
  {
    id: 'rule',
    title: 'Rule',
    value: ({ rule }) => rule,
    show: ({ rule }) => (
      <RuleLink rule={rules.find(({ command }) => command === rule) ?? { command: rule, title: rule }} />
    ),
    isFacet: true,
  },
  {
    id: 'account',
    title: 'Account',
    value: ({ account }) => account,
    show: ({ account }) => (
      <AccountLink account={{ id: account, name: accounts.name[accounts.id.indexOf(account)] ?? '' }} />
    ),
    isFacet: true,
  },
  { id: 'type', title: 'Type', value: ({ type }) => type, isFacet: true, isMinor: true },
  { id: 'region', title: 'Region', value: ({ region }) => region, isFacet: true, isMinor: true },
  {
    id: 'since',
    title: 'Since',
    value: ({ since }) => since,
    show: ({ since }) => day(since),
    isNumber: true,
    isMinor: true,
  },
];
