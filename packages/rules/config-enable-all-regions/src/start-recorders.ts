import {
  ConfigServiceClient,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { call, change, firstOf, shortened, undoCall, type CallStep } from '@compliance/core/rule';

import type { Gap } from './gaps.ts';
import type { Facts } from './recorders.ts';

/**
 * Starts recorders that are set up and stopped. Everything else is left to a person: what a recorder records decides what
 * all rules of the Region see, and a new one needs a bucket and a role that the landing zone knows.
 */
export const startRecorders = (gaps: readonly Gap[]) => {
  const steps = gaps.flatMap(({ region, start }) => (start === undefined ? [] : [startStep(start, region)]));
  const others = gaps.filter(({ start }) => start === undefined);
  const manual = `Set AWS Config up to record all resource types: ${inWords(others, MANY)}. Where a landing zone manages it, change it there.`;
  if (steps.length === 0) return { manual };
  const regions = gaps.filter(({ start }) => start !== undefined).map(({ region }) => region);
  return change<Facts>({
    description: `Start the recorder of AWS Config in ${firstOf(regions, MANY)}`,
    risk: 'safe',
    inCode: { terraform: 'aws_config_configuration_recorder_status: is_enabled = true' },
    steps,
    // Until the first delivery the last status is pending.
    effectiveAfter: others.length > 0 ? { manual } : { seconds: 600 },
  });
};

const startStep = (ConfigurationRecorderName: string, region: string): CallStep =>
  call(
    ConfigServiceClient,
    StartConfigurationRecorderCommand,
    { ConfigurationRecorderName },
    {
      region,
      undo: undoCall(
        ConfigServiceClient,
        StopConfigurationRecorderCommand,
        { ConfigurationRecorderName },
        { region },
      ),
    },
  );

/** `eu-west-1 has no recorder; us-east-1 excludes AWS::S3::Bucket` */
export const inWords = (gaps: readonly Gap[], shown: number): string => {
  const first = gaps.slice(0, shown).map(({ region, text }) => `${shortened(region)} ${text}`);
  return `${first.join('; ')}${gaps.length > shown ? ` and ${gaps.length - shown} more` : ''}`;
};

const MANY = 10;
