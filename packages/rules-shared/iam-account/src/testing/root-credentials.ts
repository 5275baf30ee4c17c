import {
  CreateAccessKeyCommand,
  CreateVirtualMFADeviceCommand,
  DeleteLoginProfileCommand,
  EnableMFADeviceCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core/rule';

interface Root {
  readonly password?: boolean;
  readonly accessKey?: boolean;
  /** The kinds of its devices. */
  readonly mfa?: readonly ('virtual' | 'hardware')[];
}

/** Seeds an account whose root user has these credentials. Without a user's name, the emulator takes root. */
export const rootWith =
  ({ password = true, accessKey = false, mfa = [] }: Root) =>
  async (admin: Session): Promise<Resource> => {
    const client = admin.client(IAMClient);
    if (!password) await client.send(new DeleteLoginProfileCommand({}));
    if (accessKey) await client.send(new CreateAccessKeyCommand({}));
    for (const [index, kind] of mfa.entries()) {
      const serialNumber =
        kind === 'virtual' ? await virtualDevice(client, `root-${index}`) : `hardware-${index}`;
      await enableMfa(client, serialNumber);
    }
    return { resourceType: 'AWS::::Account', resourceId: admin.accountId };
  };

/** Makes a virtual device. Returns its serial number. */
export const virtualDevice = async (client: IAMClient, name: string): Promise<string | undefined> => {
  const { VirtualMFADevice } = await client.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }),
  );
  return VirtualMFADevice?.SerialNumber;
};

/** Assigns a device to a user, or to root. */
export const enableMfa = (client: IAMClient, serialNumber: string | undefined, userName?: string) =>
  client.send(
    new EnableMFADeviceCommand({
      UserName: userName,
      SerialNumber: serialNumber,
      AuthenticationCode1: '123456',
      AuthenticationCode2: '123456',
    }),
  );
