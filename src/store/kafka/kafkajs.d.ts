// What kafkajs 2.2.4 does not publish, as far as kafkajs-internals.ts and sessions.ts use it.
declare module 'kafkajs/src/network/connection.js' {
  export default class Connection {
    sasl: object | null;
    /** Of hrtime; null before the log-in. */
    authenticatedAt: [number, number] | null;
    /** Milliseconds, a Long; 0 where a session has no end. */
    sessionLifetime: { toString(): string };
    authenticate(): Promise<void>;
    send: (
      this: Connection,
      request: { request: { apiKey: number }; response: object },
    ) => Promise<unknown>;
  }
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/request.js' {
  export default function request(options: {
    replicaId: number;
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number; fetchOffset: number; maxBytes: number }[];
    }[];
  }): object;
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  /** CRC-32C (Castagnoli), unsigned. */
  export default function crc32C(bytes: Buffer): number;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    pending: readonly unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    waitForPendingRequests: (this: RequestQueue) => Promise<void>;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';
  export default function socketFactory(): ISocketFactory;
}

declare module 'kafkajs/src/broker/index.js' {
  const Broker: { prototype: Readonly<Record<string, unknown>> };
  export default Broker;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    constructor(initialSize: number);
    writeBufferInternal(bytes: Buffer): void;
  }
}
