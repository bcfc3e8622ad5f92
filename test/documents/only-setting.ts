import { readSource } from '../../src/documents/read.ts';

/** The setting `p` of the first connector of a text, and the document that it stands in. */
export async function onlySetting(text: string) {
  const { connectors } = await readSource(text, {
    holdsReference: (value) => value.includes('${secret:'),
  });
  const [connector] = connectors;
  const entry = connector?.entries.find(({ key }) => key === 'p');
  if (connector === undefined || entry === undefined) throw new Error('there is no connector');
  return { document: connector.document, entry };
}
