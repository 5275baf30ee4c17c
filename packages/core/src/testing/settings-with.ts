/** Settings of an organization with one member account, with these members replaced. */
export const settingsWith = (members: object = {}) => ({
  organization: {
    id: 'o-abcde12345',
    masterAccountId: '999988887777',
    externalId: 'example',
    homeRegion: 'eu-west-1',
    regions: ['eu-west-1', 'eu-central-1'],
  },
  accounts: [{ id: '111122223333', name: 'prod', groups: ['prod'], ou: 'ou-prod', owner: 'team-prod' }],
  ...members,
});
