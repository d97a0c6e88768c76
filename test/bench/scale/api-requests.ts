import { Agent, request } from 'undici';

/** What an API server has served so far, by verb and resource; watches left out, and what asks for no resource. */
export type ServedRequests = ReadonlyMap<string, number>;

const LINE = /^apiserver_request_total\{([^}]*)\} (\S+)$/gm;
const LABEL = /(\w+)="([^"]*)"/g;

export class ApiRequests {
  readonly #server: string;
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false } });

  constructor(server: string) {
    this.#server = server;
  }

  async read(): Promise<ServedRequests> {
    const { body } = await request(`${this.#server}/metrics`, {
      dispatcher: this.#agent,
      headers: { authorization: 'Bearer admin' },
    });
    const counts = new Map<string, number>();
    for (const [, labels = '', value = '0'] of (await body.text()).matchAll(LINE)) {
      const label = new Map([...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text]));
      const verb = label.get('verb') ?? '';
      const resource = label.get('resource') ?? '';
      if (verb === 'WATCH' || verb === 'CONNECT' || resource === '') continue;
      const dryRun = (label.get('dry_run') ?? '') === '' ? '' : ' (dry-run)';
      const status = label.get('subresource') === 'status' ? '/status' : '';
      const key = `${verb}${dryRun} ${resource}${status}`;
      counts.set(key, (counts.get(key) ?? 0) + Number(value));
    }
    return counts;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}

/** What came in between, most frequent first. */
export function requestsSince(before: ServedRequests, after: ServedRequests): Record<string, number> {
  return Object.fromEntries(
    [...after]
      .map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const)
      .filter(([, count]) => count > 0)
      .toSorted(([, left], [, right]) => right - left),
  );
}
