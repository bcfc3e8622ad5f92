import { Connection, type ConnectionOptions } from './connection.ts';
import { HttpAccess } from './http-access.ts';
import { HttpOperations } from './http-operations.ts';
import { HttpRegistry } from './http-registry.ts';

/** All that can be asked of a server. Nothing is sent before the first question. */
export interface Client {
  /** Its address, for people. */
  place: string;
  registry: HttpRegistry;
  access: HttpAccess;
  operations: HttpOperations;
  close(): void;
}

export function openClient(options: ConnectionOptions): Client {
  const connection = new Connection(options);
  return {
    place: connection.place,
    registry: new HttpRegistry(connection),
    access: new HttpAccess(connection),
    operations: new HttpOperations(connection),
    close: () => connection.close(),
  };
}
