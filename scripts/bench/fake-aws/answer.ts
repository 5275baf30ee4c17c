/** An HTTP response of the fake. */
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

/** Has no XML declaration, because botocore treats XML without an element as a server error. */
export const nothing: Answer = { status: 200, body: '' };
