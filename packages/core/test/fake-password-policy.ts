import type { Json } from '../src/base/json.ts';
import { defineSharedDocument } from '../src/rule/shared-document.ts';

/** A document that several rules share, kept in memory. `content` is undefined when it is absent. */
export const fakePasswordPolicy = (content?: Json) => {
  const state: { content: Json | undefined; writes: number } = { content, writes: 0 };
  const document = defineSharedDocument<Json>({
    kind: 'iam/password-policy',
    defaults: { MinimumPasswordLength: 6, RequireNumbers: false },
    read: async () => state.content,
    write: async (_, written) => {
      state.writes += 1;
      state.content = written;
    },
    remove: async () => {
      state.content = undefined;
    },
  });
  return { state, document };
};
