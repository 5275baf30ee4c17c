import { day, duration, plural } from '../../base/format.ts';
import { linkTo } from '../../base/route.ts';
import { exemptionRows } from '../../data/exemptions.ts';
import { Card } from '../../ui/card.tsx';
import { useOrganization } from '../../ui/context.ts';
import { Empty } from '../../ui/message.tsx';
import { Name } from '../../ui/text.tsx';
import { SHOWN } from './shown.ts';

/** What is accepted, by when it ends: then it counts as violating. */
export const ExemptUntil = () => {
  const { overview } = useOrganization();
  const rows = exemptionRows(overview)
    .filter(({ status }) => status !== 'ended')
    .toSorted((a, b) => a.expires - b.expires);
  return (
    <Card
      title="What is exempt until when"
      note="The soonest to end first; what it covers counts as violating then"
      more={rows.length > 0 && <a href={linkTo(['exemptions'])}>{plural(rows.length, 'exemption')}</a>}
    >
      {rows.length === 0 && <Empty>Nothing is exempt.</Empty>}
      <ol class="ranking">
        {rows.slice(0, SHOWN).map(({ id, status, expires, reason, approver, count }) => (
          <li key={id}>
            <span class="two-lines until">
              <b class={status === 'in force' ? '' : 'exempt'}>{day(expires)}</b>
              <span class="small muted">in {duration(expires - overview.asOf)}</span>
            </span>
            <span class="two-lines">
              <a href={linkTo(['exemptions'], { find: id })}>
                <Name text={reason === '' ? 'No reason in exemptions.yaml' : reason} />
              </a>
              <span class="small muted">
                <Name text={id} />
                {approver !== '' && (
                  <>
                    , approved by <Name text={approver} />
                  </>
                )}
              </span>
            </span>
            <span class="small number">{plural(count, 'resource')}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
};
