import { NONE, type Overview, type RuleRow } from '@compliance/dashboard-data';

import { day, duration, number, plural } from '../base/format.ts';
import type { Column } from '../data/columns.ts';
import { fixRows } from '../data/fixes.ts';
import { accountRow, textAt } from '../data/rows.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { DataTable } from '../ui/data-table.tsx';
import { FixTable } from '../ui/fix-table.tsx';
import { AccountLink, RuleLink } from '../ui/links.tsx';
import { Empty } from '../ui/message.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SeverityMark, severityRank } from '../ui/severity.tsx';
import { LongText, Name } from '../ui/text.tsx';
import { Tiles } from '../ui/tiles.tsx';

/** What was fixed, what failed, was undone, keeps coming back, and what waits. */
export const RemediationView = () => {
  const { overview } = useOrganization();
  const { remediation, timeToRemediate } = overview;
  const sum = (column: keyof typeof remediation.byRule) =>
    remediation.byRule[column].reduce((total, value) => total + value, 0);
  const { mean, p90 } = timeToRemediate;
  return (
    <>
      <PageHead title="Remediation">
        <p class="muted">
          From {day(remediation.since)} to {day(overview.asOf)}
        </p>
      </PageHead>
      <Tiles
        tiles={[
          [
            'Fixed',
            number(sum('fixed') + sum('applied')),
            sum('applied') === 0 ? 'each verified' : `${number(sum('applied'))} of them take effect later`,
          ],
          ['Failed', number(sum('failed')), 'each needs a person'],
          ['Undone', number(sum('undone')), 'by a person'],
          ['Flapping', number(sum('flapping')), 'somebody reverts the fix'],
          ['Held back', number(sum('limited')), 'by a limit or the circuit breaker'],
          ['Waiting for approval', number(sum('waiting')), 'now'],
          [
            'Mean time to remediate',
            mean === undefined ? '–' : duration(mean),
            p90 === undefined ? 'nothing ended yet' : `90 % within ${duration(p90)}`,
          ],
        ]}
      />
      <h2>By rule</h2>
      <DataTable
        caption="Fixes by rule"
        noun="rule"
        name="rule"
        rows={ruleRows(overview)}
        columns={RULE_COLUMNS}
        sort="-fixed"
        fileName="fixes-by-rule"
        empty="Nothing was fixed in this period."
      />
      <Flapping />
      <h2>Fixes</h2>
      {remediation.total > remediation.recent.time.length && (
        <p class="small muted">
          The newest {number(remediation.recent.time.length)} of {plural(remediation.total, 'fix', 'fixes')};
          the ledger has all: compliance changes list.
        </p>
      )}
      <FixTable name="" rows={fixRows(overview)} empty="Nothing was fixed in this period." />
    </>
  );
};

type ByRule = Overview['remediation']['byRule'];
type RuleFixes = { readonly [Name in keyof ByRule]: number } & { readonly rule: RuleRow };

const NAMES = [
  'fixed',
  'applied',
  'failed',
  'undone',
  'flapping',
  'limited',
  'waiting',
] as const satisfies readonly (keyof ByRule)[];

const ruleRows = ({ rules, remediation }: Overview): readonly RuleFixes[] =>
  rules
    .map((rule, index): RuleFixes => {
      const at = (name: keyof ByRule) => remediation.byRule[name][index] ?? 0;
      return {
        rule,
        fixed: at('fixed'),
        applied: at('applied'),
        failed: at('failed'),
        undone: at('undone'),
        flapping: at('flapping'),
        limited: at('limited'),
        waiting: at('waiting'),
      };
    })
    .filter((row) => NAMES.some((name) => row[name] > 0));

const TITLES: Readonly<Record<keyof ByRule, string>> = {
  fixed: 'Fixed',
  applied: 'Takes effect later',
  failed: 'Failed',
  undone: 'Undone',
  flapping: 'Flapping',
  limited: 'Held back',
  waiting: 'Waiting',
};

const RULE_COLUMNS: readonly Column<RuleFixes>[] = [
  {
    id: 'severity',
    title: 'Severity',
    value: ({ rule }) => rule.severity,
    rank: ({ rule }) => severityRank(rule.severity),
    show: ({ rule }) => <SeverityMark severity={rule.severity} />,
    isFacet: true,
    isMinor: true,
  },
  {
    id: 'rule',
    title: 'Rule',
    value: ({ rule }) => rule.command,
    show: ({ rule }) => <RuleLink rule={rule} />,
    isTitle: true,
  },
  { id: 'service', title: 'Service', value: ({ rule }) => rule.service, isFacet: true, isMinor: true },
  ...NAMES.map((name): Column<RuleFixes> => ({
    id: name,
    title: TITLES[name],
    value: (row) => row[name],
    isNumber: true,
    isMinor: !['fixed', 'failed', 'waiting'].includes(name),
  })),
];

/** Resources whose fix somebody reverts again and again: fixing goes on only after a person has decided. */
const Flapping = () => {
  const { overview } = useOrganization();
  const { flapping } = overview.remediation;
  return (
    <Card title="Comes back after each fix">
      {flapping.rule.length === 0 && <Empty>Nobody reverts a fix.</Empty>}
      <ul class="ranking">
        {flapping.rule.map((rule, row) => {
          const account = accountRow(overview, flapping.account[row] ?? NONE);
          const changedBy = textAt(overview.texts, flapping.changedBy[row]);
          return (
            <li key={row}>
              <b class="number">{number(flapping.times[row] ?? 0)} ×</b>
              <span class="two-lines">
                <Name mono text={flapping.resource[row] ?? ''} />
                <span class="small muted">
                  {overview.rules[rule]?.title} · <AccountLink account={account} />
                </span>
              </span>
              <span class="small">
                {changedBy === '' ? (
                  'nobody is known to revert it'
                ) : (
                  <>
                    reverted by <LongText mono text={changedBy} />
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
};
