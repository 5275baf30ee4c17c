import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { explain, hasCode, transient, type Session } from '@compliance/core';

/**
 * Reads the organization's stop switch: the parameter's value is `on` while nothing may be fixed. There is no
 * switch to turn off by deleting it: a missing parameter stops everything, as an unreadable one does.
 * @throws {ComplianceError} transient `stop-switch-unreadable`
 */
export const isStopped = async (home: Session, name: string): Promise<boolean> => {
  try {
    const { Parameter } = await home.client(SSMClient).send(new GetParameterCommand({ Name: name }));
    return Parameter?.Value !== 'off';
  } catch (error) {
    if (hasCode(error, 'ParameterNotFound')) return true;
    throw transient(
      'stop-switch-unreadable',
      `The stop switch ${name} could not be read, so nothing is fixed: ${explain(error)}`,
      error,
    );
  }
};
