import { DashboardDataError, missingFile, restore, type Transposed } from '@compliance/dashboard-data';

/** The text of a file of the data: from a block of this page, or else from beside it. */
export const loadFile = async (key: string): Promise<string> => {
  const block = blocks().get(key);
  if (block) return textOf(key, block);
  // A page that was opened as a file cannot read others; all that it has is in it.
  if (isSingleFile()) throw missingFromFile(key);
  const response = await fetch(`./${key}`, { credentials: 'same-origin' }).catch((error: unknown) => {
    throw new DashboardDataError(
      `${key} could not be loaded: nothing answers. Start \`compliance dashboard\` again and open the address that it prints.`,
      { cause: error },
    );
  });
  if (response.status === 404) throw missingFile(key);
  if (!response.ok)
    throw new DashboardDataError(
      `${key} could not be loaded: status ${response.status}. Open the address that \`compliance dashboard\` prints.`,
    );
  return response.text();
};

/** Whether this page holds its data itself. */
export const isSingleFile = (): boolean => blocks().size > 0;

interface Block {
  readonly element: Element;
  readonly index: number;
}

let known: ReadonlyMap<string, Block> | undefined;
const unpacked = new Map<Element, Promise<readonly string[]>>();

const blocks = (): ReadonlyMap<string, Block> => {
  known ??= new Map(
    [...document.querySelectorAll('script[data-keys]')].flatMap((element) =>
      (element.getAttribute('data-keys') ?? '')
        .split(' ')
        .map((key, index): [string, Block] => [key, { element, index }]),
    ),
  );
  return known;
};

const textOf = async (key: string, { element, index }: Block): Promise<string> => {
  const texts = unpacked.get(element) ?? unpack(element);
  unpacked.set(element, texts);
  const text = (await texts)[index];
  if (text === undefined) throw missingFile(key);
  return text;
};

/** A block is files of one kind, transposed, gzipped, in Base64. */
const unpack = async (element: Element): Promise<readonly string[]> => {
  const bytes = Uint8Array.from(atob(element.textContent?.trim() ?? ''), (digit) => digit.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written with this page; each file is parsed by its schema.
  const transposed = JSON.parse(await new Response(stream).text()) as Transposed;
  return restore(transposed).map((file) => JSON.stringify(file));
};

const missingFromFile = (key: string): DashboardDataError =>
  new DashboardDataError(
    `${key} is not in this file: it was left out for its size. Open the whole data with \`compliance dashboard FOLDER\`.`,
  );
