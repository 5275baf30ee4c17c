import { duration, number, plural } from '../../base/format.ts';
import { linkTo } from '../../base/route.ts';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { RuleLink } from '../../ui/links.tsx';
import { Empty } from '../../ui/message.tsx';
import { SHOWN } from './shown.ts';

/** The rules whose violations were fixed the most, with what did not hold. */
export const Fixed = () => {
  const { rules, remediation, asOf } = useOrganization().overview;
  const { byRule, since } = remediation;
  const rows = rules
    .map((rule, index) => ({
      rule,
      fixed: (byRule.fixed[index] ?? 0) + (byRule.applied[index] ?? 0),
      rest: [
        ...part(byRule.applied[index], 'taking effect later'),
        ...part(byRule.failed[index], 'failed'),
        ...part(byRule.undone[index], 'undone'),
        ...part(byRule.flapping[index], 'reverted by somebody'),
        ...part(byRule.waiting[index], 'waiting for approval'),
      ],
    }))
    .filter(({ fixed }) => fixed > 0)
    .toSorted((a, b) => b.fixed - a.fixed);
  return (
    <Card
      title="What was fixed"
      note={`Within ${duration(asOf - since)}, by rule`}
      more={
        rows.length > 0 && (
          <a href={linkTo(['remediation'])}>
            {plural(
              rows.reduce((total, { fixed }) => total + fixed, 0),
              'fix',
              'fixes',
            )}
          </a>
        )
      }
    >
      {rows.length === 0 && <Empty>Nothing was fixed in this period.</Empty>}
      <ol class="ranking">
        {rows.slice(0, SHOWN).map(({ rule, fixed, rest }) => (
          <li key={rule.command}>
            <b class="number good">{number(fixed)}</b>
            <span class="two-lines">
              <RuleLink rule={rule} />
              <span class="small muted">{rest.length === 0 ? 'all verified' : rest.join(', ')}</span>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
};

const part = (count: number | undefined, what: string): readonly string[] =>
  count === undefined || count === 0 ? [] : [`${number(count)} ${what}`];
