import type { Rule } from '@compliance/core';
import { findingsNdjson, type Finding, type Unreadable } from '@compliance/report';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

import { usageErrorFrom } from '../../../output/exit-codes.ts';

export type StreamedFormat = 'table' | 'json' | 'ndjson' | 'csv' | 'html';

/** Receives what is found as it is found. */
export interface Writer {
  readonly add: (findings: readonly Finding[], unreadable?: readonly Unreadable[]) => Promise<void>;
  /** Completes the output. @param summary What a table shows of many accounts. */
  readonly end: (summary: string, accounts: Readonly<Record<string, AccountNote>>) => Promise<void>;
}

interface AccountNote {
  readonly name: string;
  readonly unit?: string | undefined;
}

export interface WriterOptions {
  readonly format: StreamedFormat;
  readonly out: string | undefined;
  /** Continues the file instead of replacing it. */
  readonly append?: boolean;
  readonly rules: readonly Rule[];
  readonly now: Date;
}

/** Writes rows as they come. Only the page, which sorts by urgency, collects all of them first. */
export const createWriter = async ({
  format,
  out,
  append = false,
  rules,
  now,
}: WriterOptions): Promise<Writer> => {
  const output = openOutput(out, append);
  switch (format) {
    case 'ndjson':
      return rowsOf(output, { text: findingsNdjson, head: '', tail: '' });
    case 'csv': {
      const { findingsCsv } = await import('@compliance/report/csv');
      return rowsOf(output, {
        text: (findings, unreadable) => findingsCsv(findings, unreadable, { header: false }),
        head: findingsCsv([]),
        tail: '',
      });
    }
    case 'json': {
      let isFirst = true;
      return rowsOf(output, {
        text: (findings, unreadable) => {
          const lines = findingsNdjson(findings, unreadable).trimEnd().replaceAll('\n', ',\n');
          const text = lines === '' ? '' : `${isFirst ? '' : ',\n'}${lines}`;
          isFirst &&= lines === '';
          return text;
        },
        head: '[\n',
        tail: '\n]\n',
      });
    }
    case 'html': {
      const findings: Finding[] = [];
      const unreadable: Unreadable[] = [];
      return {
        add: async (found, failed = []) => {
          for (const finding of found) findings.push(finding);
          unreadable.push(...failed);
        },
        end: async (_summary, accounts) => {
          const { reportOfScan, reportPage } = await import('@compliance/report/page');
          const notes = Object.entries(accounts);
          const page = reportPage(
            reportOfScan({
              title: 'Compliance of the organization',
              createdAt: now,
              findings,
              unreadable,
              rules: Object.fromEntries(rules.map((rule) => [rule.command, rule])),
              accountNames: Object.fromEntries(notes.map(([id, { name }]) => [id, name])),
              accountUnits: Object.fromEntries(
                notes.flatMap(([id, { unit }]) => (unit === undefined ? [] : [[id, unit]])),
              ),
            }),
          );
          await output.write(page);
          await output.close();
        },
      };
    }
    case 'table':
      return {
        add: async () => {},
        end: async (summary) => {
          await output.write(summary);
          await output.close();
        },
      };
    default:
      throw new Error(`Unknown format ${String(format satisfies never)}`);
  }
};

interface Rows {
  readonly text: (findings: readonly Finding[], unreadable: readonly Unreadable[]) => string;
  readonly head: string;
  readonly tail: string;
}

const rowsOf = (output: Output, { text, head, tail }: Rows): Writer => {
  let begun: Promise<void> | undefined;
  const begin = () => (begun ??= output.write(head));
  return {
    add: async (findings, unreadable = []) => {
      await begin();
      await output.write(text(findings, unreadable));
    },
    end: async () => {
      await begin();
      await output.write(tail);
      await output.close();
    },
  };
};

interface Output {
  /** Resolves when the system has the text: no end of this process loses it. */
  readonly write: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const openOutput = (file: string | undefined, append: boolean): Output => {
  const stream = file === undefined ? process.stdout : createWriteStream(file, { flags: append ? 'a' : 'w' });
  let failure: Error | null | undefined;
  if (file !== undefined)
    stream.on('error', (error: Error) => {
      failure = error;
    });
  const assertWorks = () => {
    if (failure) throw usageErrorFrom(`Cannot write ${file}`, failure);
  };
  return {
    write: async (text) => {
      assertWorks();
      if (text === '') return;
      await new Promise<void>((resolve) => {
        stream.write(text, (error) => {
          if (file !== undefined) failure ??= error;
          resolve();
        });
      });
      assertWorks();
    },
    close: async () => {
      if (file !== undefined) {
        stream.end();
        await once(stream, 'close').catch(() => {});
      }
      assertWorks();
    },
  };
};
