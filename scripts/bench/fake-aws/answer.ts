/** An HTTP answer of the fake. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export const xml = (body: string): Answer => ({
  status: 200,
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});

export const xmlError = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

export const json = (body: object): Answer => ({ status: 200, body: JSON.stringify(body) });

export const jsonError = (code: string): Answer => ({
  status: 400,
  body: JSON.stringify({ __type: code, message: code }),
});

/** Not even a declaration: botocore takes XML that has no element for an error of the server. */
export const nothing: Answer = { status: 200, body: '' };
