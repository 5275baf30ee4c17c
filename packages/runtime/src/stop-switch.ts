import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { explain, hasCode, transient, type Session } from '@compliance/core';

/**
 * Reads the organization's stop switch: the parameter's value is `on` while nothing may be fixed.
 * Deleting the parameter does not turn the switch off: a missing parameter stops everything, like an unreadable one.
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
      `The stop switch could not be read, so nothing is fixed: ${name}: ${explain(error)}`,
      error,
    );
  }
};
