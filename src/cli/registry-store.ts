import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { type Io, note } from './io.ts';
import type { Settings } from './settings.ts';

/** The store that the settings name, not opened yet; what they hold that does nothing is told. */
export function storeOf(io: Io, { registry, kafkastore }: Settings): Promise<Store> {
  return openStore(registry.value, kafkastore, (text) => note(io, text));
}
