import { duration, number, plural } from '../../base/format.ts';
import { linkTo } from '../../base/route.ts';
import { oldestRows } from '../../data/rows.ts';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { resourceLink } from '../../ui/finding-columns.tsx';
import { Empty } from '../../ui/message.tsx';
import { OwnerLink } from '../../ui/links.tsx';
import { Name } from '../../ui/text.tsx';
import { SHOWN } from './shown.ts';

/** The violations that are open the longest, and whose they are. */
export const OldestOpen = () => {
  const { overview } = useOrganization();
  const rows = oldestRows(overview);
  return (
    <Card title="Open the longest" note="Violations by age, and whose they are">
      {rows.length === 0 && <Empty>Nothing is open.</Empty>}
      <ol class="ranking">
        {rows.slice(0, SHOWN).map((row, index) => (
          <li key={index}>
            <b class="number age">{duration(overview.asOf - row.since)}</b>
            <span class="two-lines">
              <a href={resourceLink(row)}>
                <Name mono text={row.name === '' ? row.resource : row.name} />
              </a>
              <span class="small muted">
                {row.rule.title} · <Name text={row.account.name} />
              </span>
            </span>
            <span class="small whose">
              <OwnerLink owner={row.owner} nobody="no owner" />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
};

/** Whose the open findings are, and what was done for them. */
export const TopOwners = () => {
  const { owners } = useOrganization().overview;
  const most = Math.max(...owners.open, 1);
  return (
    <Card
      title="Whose it is"
      note="Open: violating and unknown now"
      more={owners.name.length > 0 && <a href={linkTo(['owners'])}>{plural(owners.name.length, 'owner')}</a>}
    >
      {owners.name.length === 0 && <Empty>No finding has an owner. Tags or settings name one.</Empty>}
      <ol class="ranking">
        {owners.name.slice(0, SHOWN).map((name, row) => (
          <li key={name}>
            <a class="wide" href={linkTo(['owner', name])}>
              <Name text={name} />
            </a>
            <span class="meter" aria-hidden="true">
              <span style={{ width: `${(100 * (owners.open[row] ?? 0)) / most}%` }} />
            </span>
            <b class="number">{number(owners.open[row] ?? 0)} open</b>
            <span class="small muted number">{number(owners.fixed[row] ?? 0)} fixed</span>
          </li>
        ))}
      </ol>
    </Card>
  );
};
