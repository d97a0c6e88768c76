import { own, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import type { Cluster, Logger, Watch } from '../../core/ports.ts';
import { repositoryIdentity } from '../../core/repository-identity.ts';

const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;
/** Marks Secrets of the controller's namespace that hold the webhook secret of a repository. */
const WEBHOOK_LABEL = 'evenkeel.dev/webhook-repository';

/**
 * Webhook secrets by repository, from Secrets with our label in the controller's own namespace: `repository` is its URL, `secret` what
 * signs its deliveries, `previousSecret` the one before while it is replaced.
 */
export class WebhookSecrets {
  readonly #byName = new Map<string, { readonly identity: string; readonly secrets: readonly string[] }>();
  readonly #watch: Watch;

  constructor(cluster: Cluster, namespace: string, logger: Logger) {
    this.#watch = cluster.watch(SECRET, { namespace, labelSelector: WEBHOOK_LABEL }, (event) => {
      if (event.type === 'synced') return;
      if (event.type === 'stale') {
        logger.debug({ reason: event.reason }, 'webhook secrets may be old');
        return;
      }
      const { name } = event.object.metadata;
      const entry = event.type === 'deleted' ? undefined : readSecret(event.object);
      if (entry === undefined) this.#byName.delete(name);
      else this.#byName.set(name, entry);
      if (entry === undefined && event.type !== 'deleted')
        logger.warn({ secretName: name, namespace }, 'webhook secret needs the keys repository (a URL) and secret');
    });
  }

  of(identity: string): readonly string[] {
    return [...this.#byName.values()].filter((entry) => entry.identity === identity).flatMap((entry) => entry.secrets);
  }

  close(): void {
    this.#watch.close();
  }
}

function readSecret(
  object: KubeObject,
): { readonly identity: string; readonly secrets: readonly string[] } | undefined {
  const read = (key: string): string | undefined => {
    const coded = stringAt(own(object, 'data'), key);
    return coded === undefined ? undefined : Buffer.from(coded, 'base64').toString('utf8').trim();
  };
  const identity = repositoryIdentity(read('repository') ?? '');
  const secrets = [read('secret'), read('previousSecret')].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
  return identity === undefined || secrets.length === 0 ? undefined : { identity, secrets };
}
