// `secretreg serve` on a port that it keeps, for a worker to read from: it can be killed, hung and started again.
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import { ServerProcess } from '../http/server-process.ts';
import { freePorts } from '../kafka/broker.ts';
import { CommandLine } from '../process/command-line.ts';
import { type Answer, ask, initServed } from '../process/served-registry.ts';
import { KID_NEW } from '../process/rotation-registry.ts';
import { keyText } from '../registry/fixture.ts';
import { until } from './connectors.ts';
import type { Secrets } from './secrets.ts';

export const PROVIDER = 'io.secretreg.connect.SecretRegistryConfigProvider';
export const EXTENSION = 'io.secretreg.connect.SecretRegistryRestExtension';

export class ServedRegistry implements Secrets {
  readonly url: string;
  /** The token of a principal that may read every secret, and nothing else. */
  readonly tokenFile: string;
  readonly #line: CommandLine;
  readonly #adminToken: string;
  readonly #running = new Set<ChildProcess>();
  #server: ServerProcess | undefined;

  private constructor(line: CommandLine, port: number, adminToken: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.tokenFile = join(line.home, 'worker.token');
    this.#line = line;
    this.#adminToken = adminToken;
  }

  static async start(): Promise<ServedRegistry> {
    const line = new CommandLine();
    const [[port = 0], adminToken] = await Promise.all([
      freePorts(1),
      initServed(line, join(line.home, 'registry.db')),
    ]);
    const registry = new ServedRegistry(line, port, adminToken);
    await registry.restart();
    writeFileSync(registry.tokenFile, await registry.newToken('connect'), { mode: 0o600 });
    return registry;
  }

  /** The token of a principal that may read every secret, or those that the role is given on. */
  async newToken(
    user: string,
    { role = 'DeveloperRead', path = '*', expiresAt = '' } = {},
  ): Promise<string> {
    const { json } = await this.admin('POST', '/access/tokens', {
      principal: `User:${user}`,
      grant: { role, resource: { patternType: 'LITERAL', name: path } },
      ...(expiresAt !== '' && { expiresAt }),
    });
    return (json as { token: string }).token;
  }

  /** What a worker needs for our provider alone. */
  provider(name = 'secret'): Record<string, string> {
    return {
      'config.providers': name,
      [`config.providers.${name}.class`]: PROVIDER,
      [`config.providers.${name}.param.url`]: this.url,
      [`config.providers.${name}.param.token.file`]: this.tokenFile,
    };
  }

  /** What a worker needs for the plugin as it is meant to be used. */
  get properties(): Record<string, string> {
    return { ...this.provider(), 'rest.extension.classes': EXTENSION };
  }

  /** Writes the next version of these keys. */
  async set(path: string, secrets: Record<string, string>): Promise<void> {
    const { status, json } = await this.admin('POST', `/secret/paths/${encodeURIComponent(path)}`, {
      secrets,
    });
    if (status !== 200) throw new Error(JSON.stringify(json));
  }

  reference(path: string, key: string): string {
    return `\${secret:${path}:${key}}`;
  }

  admin(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(`${this.url}${path}`, this.#adminToken, method, { body });
  }

  /** The events of this path, oldest first. */
  async audit(path: string): Promise<AuditEvent[]> {
    const url = `${this.url}/audit?path=${encodeURIComponent(path)}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${this.#adminToken}` } });
    const lines = (await response.text()).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as AuditEvent);
  }

  /** Re-encrypts everything under the other key, while it serves. */
  async rotateMasterKey(): Promise<void> {
    const begun = await this.admin('POST', '/master-keys/rotation', { kid: KID_NEW });
    if (begun.status >= 300) throw new Error(JSON.stringify(begun.json));
    await until('the rotation', async () => {
      const { json } = await this.admin('GET', '/master-keys/rotation');
      return (json as { state: string }).state === 'done' || undefined;
    });
  }

  async kill(): Promise<void> {
    this.#server?.child.kill('SIGKILL');
    await this.#server?.ended;
  }

  async restart(args: readonly string[] = []): Promise<void> {
    await this.kill();
    const next = this.#line.file('next.key', keyText(50));
    const own = [
      '--listen',
      new URL(this.url).host,
      '--accept-key-file',
      next,
      '--log-level',
      'warn',
    ];
    this.#server = await ServerProcess.start(this.#line.home, [...own, ...args], this.#running);
  }

  /** It takes connections, and answers nothing. */
  hang(): void {
    this.#server?.child.kill('SIGSTOP');
  }

  resume(): void {
    this.#server?.child.kill('SIGCONT');
  }

  stop(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    this.#line.remove();
  }
}
