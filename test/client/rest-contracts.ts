// What every registry and its access do, asked over REST; a second process is a second server.
import type { Store } from '../../src/store/store.ts';
import { accessContract } from '../contract/access.contract.ts';
import { registryContract } from '../contract/registry.contract.ts';
import { servedRegistry } from './served.ts';

/** Where a registry is made for one test: another handle on it, and its end. */
export interface Place {
  open: () => Store;
  remove: () => void;
}

export function restContracts(name: string, makePlace: () => Place): void {
  const start = async () => {
    const place = makePlace();
    const registry = await servedRegistry(place.open);
    const cleanup = async () => {
      await registry.stop();
      place.remove();
    };
    return { serve: registry.serve, cleanup };
  };

  registryContract(`REST and ${name}`, async () => {
    const { serve, cleanup } = await start();
    const { client } = await serve();
    const other = async () => (await serve()).client().registry;
    return { registry: client().registry, other, cleanup };
  });

  accessContract(`REST and ${name}`, async () => {
    const { serve, cleanup } = await start();
    const { client } = await serve();
    return { holder: client(), with: async (token) => client(token), cleanup };
  });
}
