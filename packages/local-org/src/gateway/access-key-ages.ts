/** Creation dates of access keys for tests. The emulator's are always now. */
export interface AccessKeyAges {
  readonly set: (accountId: string, accessKeyId: string, createdAt: Date) => void;
  readonly get: (accountId: string, accessKeyId: string) => Date | undefined;
  /** Puts the dates into the XML of a ListAccessKeys reply. */
  readonly applyTo: (accountId: string, xml: string) => string;
}

export const createAccessKeyAges = (): AccessKeyAges => {
  const createdAt = new Map<string, Date>();
  const get = (accountId: string, accessKeyId: string): Date | undefined =>
    createdAt.get(`${accountId}/${accessKeyId}`);
  return {
    set: (accountId, accessKeyId, date) => createdAt.set(`${accountId}/${accessKeyId}`, date),
    get,
    applyTo: (accountId, xml) =>
      xml.replaceAll(/<member>.*?<\/member>/gs, (member) => {
        const date = get(accountId, /<AccessKeyId>([^<]+)</.exec(member)?.[1] ?? '');
        return date === undefined ? member : member.replace(/(<CreateDate>)[^<]*/, `$1${date.toISOString()}`);
      }),
  };
};
