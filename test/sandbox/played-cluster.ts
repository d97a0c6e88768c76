import { expect } from 'vitest';
import { isJsonObject, listAt, own, type Json, type JsonObject } from '../../src/core/json.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start.ts';
import { FakeClock } from './fake-clock.ts';
import { ask } from './request.ts';

export const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const PODS = '/api/v1/namespaces/default/pods';

/** An embedded server whose clock the test moves. */
export class PlayedCluster {
  readonly sandbox: Sandbox;
  readonly clock: FakeClock;
  readonly #failures: string[];

  private constructor(sandbox: Sandbox, clock: FakeClock, failures: string[]) {
    this.sandbox = sandbox;
    this.clock = clock;
    this.#failures = failures;
  }

  static async start(options: SandboxOptions = {}): Promise<PlayedCluster> {
    const clock = new FakeClock();
    const failures: string[] = [];
    const onFailure = (controller: string, key: string, error: unknown): void => {
      failures.push(`${controller} ${key}: ${String(error)}`);
    };
    const sandbox = await startSandbox({ clock, ...options, onFailure });
    await clock.advance(100);
    return new PlayedCluster(sandbox, clock, failures);
  }

  async get(path: string): Promise<JsonObject> {
    return (await ask(this.sandbox, 'GET', path)).body;
  }

  async pods(): Promise<readonly Json[]> {
    return listAt(await this.get(PODS), 'items');
  }

  /** Ends it; no controller may have failed meanwhile. */
  async close(): Promise<void> {
    expect(this.#failures).toEqual([]);
    await this.sandbox.close();
  }
}

export function deployment(
  name: string,
  spec: JsonObject = {},
  pod: JsonObject = {},
  annotations: JsonObject = {},
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      ...spec,
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'a', image: 'a:1' }], ...pod },
      },
    },
  };
}

export function condition(object: Json, type: string): JsonObject | undefined {
  const found = listAt(object, 'status', 'conditions').find((entry) => own(entry, 'type') === type);
  return isJsonObject(found) ? found : undefined;
}
