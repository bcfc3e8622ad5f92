import { percentDecoded } from '../domain/percent-decoded.ts';

/** True for an address of Connect's REST interface that says which connector is meant: `…/connectors/NAME/config`. */
export function isConfigUrl(text: string): boolean {
  return CONFIG_URL.test(text);
}

/** The name in such an address; undefined where a shell or a template puts it in, or for any other text. */
export function connectorInUrl(text: string): string | undefined {
  const [, name = '$'] = CONFIG_URL.exec(text) ?? [];
  return /[$`]|\{\{/.test(name) ? undefined : percentDecoded(name);
}

const CONFIG_URL = /\/connectors\/([^/\s?#]{1,249})\/config(?:$|[/?#])/;
