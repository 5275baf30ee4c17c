import { S3Object } from '@cdktn/provider-aws/lib/s3-object/index.js';
import type { TerraformStack } from 'cdktf';

import { addVariable } from '../terraform/terraform-module.ts';

interface CodeInput {
  /** The name of the resources within the module. */
  readonly key: string;
  readonly functionName: string;
  /** The bucket of the code. */
  readonly artifacts: string;
}

/** Adds the code with which Terraform creates a function, and the variable with its path. */
export const addCode = (stack: TerraformStack, { key, functionName, artifacts }: CodeInput): S3Object => {
  const path = addVariable(stack, `${key}_zip`, {
    type: 'string',
    description: `Path of the ${key} function's zip, which \`make build\` writes. Read only when the function is created.`,
    validation: [
      {
        condition: `\${fileexists(var.${key}_zip)}`,
        errorMessage: `File of ${key}_zip not found. Run make build first.`,
      },
    ],
  });
  return new S3Object(stack, `${key}_code`, {
    bucket: artifacts,
    key: `functions/${functionName}/${path.replace('${', '${filesha256(').replace('}', ')}')}.zip`,
    source: path,
    lifecycle: { ignoreChanges: ['key', 'source', 'etag'] },
  });
};
