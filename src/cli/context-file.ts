// Changes of the contexts in the user's file. What else stands there stays as it is, comments included.
import { existsSync, realpathSync } from 'node:fs';
import { Document } from 'yaml';
import { noContext } from './contexts.ts';
import { makeFolderOf, writeSecretFile } from './output-file.ts';
import {
  type ContextSettings,
  type FileSettings,
  readSettingsDocument,
  settingsIn,
} from './settings-file.ts';

/** Fails with settings-invalid. */
export function readUserFile(file: string): FileSettings {
  return existsSync(file)
    ? settingsIn(readSettingsDocument(file), file, 'user')
    : { file, contexts: new Map() };
}

/** Puts a context in place of the one with this name. */
export function setContext(file: string, name: string, context: ContextSettings): void {
  change(file, (document) => document.setIn(['contexts', name], document.createNode(context)));
}

/** Without a name no context is in use. Fails with settings-invalid where there is none of this name. */
export function useContext(file: string, name: string | undefined): void {
  change(file, (document, { contexts }) => {
    if (name === undefined) document.delete('context');
    else if (contexts.has(name)) document.set('context', name);
    else throw noContext(name, file, contexts);
  });
}

/** Answers whether it was in use. Fails with settings-invalid where there is none. */
export function removeContext(file: string, name: string): boolean {
  let wasInUse = false;
  change(file, (document, { context, contexts }) => {
    if (!contexts.has(name)) throw noContext(name, file, contexts);
    document.deleteIn(['contexts', name]);
    wasInUse = context === name;
    if (wasInUse) document.delete('context');
  });
  return wasInUse;
}

/** A file that is a link stays one. Fails with settings-invalid or file-not-writable. */
function change(file: string, edit: (document: Document, settings: FileSettings) => void): void {
  const isThere = existsSync(file);
  const document = isThere ? readSettingsDocument(file) : new Document();
  edit(document, settingsIn(document, file, 'user'));
  settingsIn(document, file, 'user');
  if (!isThere) makeFolderOf(file);
  writeSecretFile(isThere ? realpathSync(file) : file, document.toString());
}
