import { plural } from '../base/format.ts';
import { exemptionRows } from '../data/exemptions.ts';
import { fixRows } from '../data/fixes.ts';
import { Card } from '../ui/card.tsx';
import { useOrganization } from '../ui/context.ts';
import { DataTable } from '../ui/data-table.tsx';
import { FindingsOf } from '../ui/findings-of.tsx';
import { FixTable } from '../ui/fix-table.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { EXEMPTION_COLUMNS } from './exemptions.tsx';
import { NotFound } from './not-found.tsx';

/** What is an owner's: open findings, what was fixed for them, their exemptions. */
export const OwnerView = ({ name }: { readonly name: string }) => {
  const { overview } = useOrganization();
  const { owners } = overview;
  const row = owners.name.indexOf(name);
  if (row === -1) return <NotFound what={`owner '${name}'`} where="owners" />;
  const exemptions = exemptionRows(overview).filter(({ owner }) => owner === name);
  return (
    <>
      <PageHead title={name} trail={[['Owners', ['owners']]]}>
        <p class="muted">
          {plural(owners.open[row] ?? 0, 'open finding')},{' '}
          {plural(owners.exempt[row] ?? 0, 'exempt resource')};{' '}
          {plural(owners.fixed[row] ?? 0, 'fix', 'fixes')} for them within 90 days, {owners.failed[row] ?? 0}{' '}
          failed.
        </p>
      </PageHead>
      <h2>Theirs now</h2>
      <FindingsOf
        id={`owner ${name}`}
        accounts={() => Promise.resolve(owners.accounts[row] ?? [])}
        isWanted={({ owner }) => owner === name}
        without={['owner']}
        caption={`Findings of ${name}`}
        fileName="findings-of-owner"
        empty="Nothing of theirs is open."
      />
      <Card title="Done for them">
        <FixTable
          name="fix"
          rows={fixRows(overview).filter(({ owner }) => owner === name)}
          empty="Nothing was fixed for them lately."
        />
      </Card>
      <Card title="Their exemptions">
        <DataTable
          caption="Exemptions"
          noun="exemption"
          name="exemption"
          rows={exemptions}
          columns={EXEMPTION_COLUMNS}
          sort="expires"
          fileName="exemptions-of-owner"
          empty="They have no exemption."
        />
      </Card>
    </>
  );
};
