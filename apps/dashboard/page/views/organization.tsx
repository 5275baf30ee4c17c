import { Trend } from '../charts/trend.tsx';
import { useOrganization } from '../ui/context.ts';
import { Empty } from '../ui/message.tsx';
import { useTitle } from '../ui/use-title.ts';
import { ExemptUntil } from './organization/exempt-until.tsx';
import { Figures } from './organization/figures.tsx';
import { Fixed } from './organization/fixed.tsx';
import { Headline } from './organization/headline.tsx';
import { OldestOpen, TopOwners } from './organization/oldest-and-owners.tsx';
import { UnitMap } from './organization/unit-map.tsx';
import { Worse, Worst } from './organization/worst.tsx';

/** The first view: are we better, what is the worst, whose is it, what was fixed, what is exempt until when. */
export const OrganizationView = () => {
  const { overview } = useOrganization();
  useTitle('Organization');
  if (overview.accounts.id.length === 0)
    return (
      <>
        <h1>Organization</h1>
        <Empty>
          This organization has no account in the settings. Add accounts to compliance.yaml and publish it
          with make settings; the next snapshot shows them.
        </Empty>
      </>
    );
  return (
    <>
      <h1 class="hidden">Organization</h1>
      <div class="grid lead">
        <Headline />
        <Trend />
      </div>
      <Figures />
      <div class="grid halves">
        <Worst />
        <TopOwners />
        <Fixed />
        <ExemptUntil />
        <Worse />
        <OldestOpen />
      </div>
      <UnitMap />
    </>
  );
};
