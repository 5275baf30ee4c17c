import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  ElasticLoadBalancingClient,
  paginateDescribeLoadBalancers as paginateClassicLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  ElasticLoadBalancingV2Client,
  paginateDescribeListenerCertificates,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { hasCode, type Session } from '@compliance/core/rule';

/**
 * Reads which load balancers use a certificate, in all Regions of the account: IAM is global, they are not.
 * A Region may deny its reading, often by a policy of the organization; what is there stays unknown.
 */
export const usesOf = async (certificateArn: string, session: Session) => {
  const { Regions = [] } = await session.client(EC2Client).send(new DescribeRegionsCommand({}));
  const regions = Regions.flatMap(({ RegionName }) => RegionName ?? []).toSorted();
  const found = await Promise.all(
    regions.map(async (region) => ({ region, names: await namesIn(session.at(region), certificateArn) })),
  );
  return {
    usedBy: found.flatMap(({ region, names = [] }) => names.toSorted().map((name) => `${name} in ${region}`)),
    unreadRegions: found.flatMap(({ region, names }) => (names ? [] : region)),
  };
};

/** The names of the load balancers of a Region; `undefined` when they may not be read. */
const namesIn = async (session: Session, certificateArn: string): Promise<string[] | undefined> => {
  try {
    return [...(await classicNames(session, certificateArn)), ...(await names(session, certificateArn))];
  } catch (error) {
    if (hasCode(error, ...DENIED)) return undefined;
    throw error;
  }
};

const DENIED = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];

const classicNames = async (session: Session, certificateArn: string): Promise<string[]> => {
  const client = session.client(ElasticLoadBalancingClient);
  const pages = await Array.fromAsync(paginateClassicLoadBalancers({ client }, {}));
  return pages
    .flatMap(({ LoadBalancerDescriptions = [] }) => LoadBalancerDescriptions)
    .filter(({ ListenerDescriptions = [] }) =>
      ListenerDescriptions.some(({ Listener }) => Listener?.SSLCertificateId === certificateArn),
    )
    .flatMap(({ LoadBalancerName }) => LoadBalancerName ?? []);
};

const names = async (session: Session, certificateArn: string): Promise<string[]> => {
  const client = session.client(ElasticLoadBalancingV2Client);
  const using: string[] = [];
  for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client }, {}))
    for (const { LoadBalancerArn, LoadBalancerName = '' } of LoadBalancers)
      if (await usesCertificate(LoadBalancerArn, certificateArn, client)) using.push(LoadBalancerName);
  return using;
};

const usesCertificate = async (
  LoadBalancerArn: string | undefined,
  certificateArn: string,
  client: ElasticLoadBalancingV2Client,
): Promise<boolean> => {
  for await (const { Listeners = [] } of paginateDescribeListeners({ client }, { LoadBalancerArn }))
    for (const { ListenerArn, Certificates = [] } of Listeners) {
      // A listener shows its default certificate alone, and has one if it has others.
      if (Certificates.length === 0) continue;
      for await (const page of paginateDescribeListenerCertificates({ client }, { ListenerArn }))
        if (page.Certificates?.some(({ CertificateArn }) => CertificateArn === certificateArn)) return true;
    }
  return false;
};
