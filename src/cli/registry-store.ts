import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { type Io, note } from './io.ts';
import type { Settings } from './settings.ts';

/** The store that the settings name, not opened yet. Settings that have no effect become notes. */
export function storeOf(io: Io, settings: Settings): Promise<Store> {
  return storesOf(io, settings)();
}

/** The same for a command that opens several stores, at other addresses too; each note is printed once. */
export function storesOf(
  io: Io,
  { registry, kafkastore }: Settings,
): (address?: string) => Promise<Store> {
  const told = new Set<string>();
  return (address = registry.value) =>
    openStore(address, kafkastore, (text) => {
      if (!told.has(text)) note(io, text);
      told.add(text);
    });
}
