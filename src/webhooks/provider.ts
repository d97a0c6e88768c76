import { at, isJsonObject, type Json, listAt, stringAt } from '../core/json.ts';
import { repositoryIdentity } from '../core/repository-identity.ts';

export type ProviderName = 'github' | 'gitlab' | 'gitea' | 'bitbucket' | 'generic';

/** Header names are lower case, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** How a delivery proves that it comes from somebody who knows the secret. */
export type Proof =
  /** HMAC-SHA256 of the raw body, hexadecimal. */
  | { readonly kind: 'hmac'; readonly hex: string }
  /** The secret itself. */
  | { readonly kind: 'token'; readonly token: string };

export interface Delivery {
  readonly provider: ProviderName;
  readonly event: string;
  /** Whether the event can mean new commits. */
  readonly isPush: boolean;
  readonly id: string | undefined;
  /** Undefined when the delivery proves nothing. */
  readonly proof: Proof | undefined;
}

interface Rule {
  readonly provider: ProviderName;
  readonly eventHeader: string;
  readonly idHeaders: readonly string[];
  readonly proofHeader: string;
  readonly proof: 'hmac' | 'prefixed-hmac' | 'token';
  readonly pushes: RegExp;
}

/** The first rule whose event header is there counts: Gitea and Forgejo send GitHub's headers too. */
const RULES: readonly Rule[] = [
  {
    provider: 'gitea',
    eventHeader: 'x-forgejo-event',
    idHeaders: ['x-forgejo-delivery'],
    proofHeader: 'x-forgejo-signature',
    proof: 'hmac',
    pushes: /^(?:push|create|delete)$/,
  },
  {
    provider: 'gitea',
    eventHeader: 'x-gitea-event',
    idHeaders: ['x-gitea-delivery'],
    proofHeader: 'x-gitea-signature',
    proof: 'hmac',
    pushes: /^(?:push|create|delete)$/,
  },
  {
    provider: 'github',
    eventHeader: 'x-github-event',
    idHeaders: ['x-github-delivery'],
    proofHeader: 'x-hub-signature-256',
    proof: 'prefixed-hmac',
    pushes: /^(?:push|create|delete)$/,
  },
  {
    provider: 'gitlab',
    eventHeader: 'x-gitlab-event',
    idHeaders: ['x-gitlab-event-uuid', 'idempotency-key'],
    proofHeader: 'x-gitlab-token',
    proof: 'token',
    pushes: /^(?:Push Hook|Tag Push Hook|System Hook)$/,
  },
  {
    provider: 'bitbucket',
    eventHeader: 'x-event-key',
    idHeaders: ['x-request-uuid', 'x-request-id'],
    proofHeader: 'x-hub-signature',
    proof: 'prefixed-hmac',
    pushes: /^repo:(?:push|refs_changed)$/,
  },
  {
    provider: 'generic',
    eventHeader: 'x-evenkeel-signature',
    idHeaders: ['x-evenkeel-delivery'],
    proofHeader: 'x-evenkeel-signature',
    proof: 'prefixed-hmac',
    pushes: /^/,
  },
];

function header(headers: Headers, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' && value.length <= 1024 ? value : undefined;
}

/** Who sent a delivery and what it says of itself; undefined when no known sender did. */
export function readDelivery(headers: Headers): Delivery | undefined {
  const rule = RULES.find(({ eventHeader }) => header(headers, eventHeader) !== undefined);
  if (rule === undefined) return undefined;
  const event = rule.provider === 'generic' ? 'push' : (header(headers, rule.eventHeader) ?? '').slice(0, 100);
  const id = rule.idHeaders.map((name) => header(headers, name)).find((value) => value !== undefined && value !== '');
  return {
    provider: rule.provider,
    event,
    isPush: rule.pushes.test(event),
    id: id !== undefined && id.length <= 128 ? id : undefined,
    proof: readProof(header(headers, rule.proofHeader), rule.proof),
  };
}

function readProof(value: string | undefined, kind: Rule['proof']): Proof | undefined {
  if (value === undefined || value === '') return undefined;
  if (kind === 'token') return { kind: 'token', token: value };
  // `sha1=…` is a proof of nothing any more.
  const hex = kind === 'hmac' ? value : (/^sha256=(.*)$/.exec(value)?.[1] ?? '');
  return /^[0-9a-fA-F]{64}$/.test(hex) ? { kind: 'hmac', hex: hex.toLowerCase() } : undefined;
}

const MAX_URLS = 8;

/**
 * The repositories that a payload names: identity → URL as written. Nothing else of a payload is ever used: which commit counts is
 * asked of the host.
 */
export function readRepositories(provider: ProviderName, payload: Json): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!isJsonObject(payload)) return found;
  for (const url of candidates(provider, payload)) {
    if (url === undefined || found.size >= MAX_URLS) continue;
    const identity = repositoryIdentity(url);
    if (identity !== undefined && !found.has(identity)) found.set(identity, url);
  }
  return found;
}

function candidates(provider: ProviderName, payload: Json): readonly (string | undefined)[] {
  const text = (...path: string[]): string | undefined => stringAt(payload, ...path);
  switch (provider) {
    case 'github':
    case 'gitea':
      return [text('repository', 'clone_url'), text('repository', 'ssh_url'), text('repository', 'html_url')];
    case 'gitlab':
      return [
        text('project', 'git_http_url'),
        text('project', 'git_ssh_url'),
        text('project', 'web_url'),
        text('repository', 'git_http_url'),
        text('repository', 'git_ssh_url'),
      ];
    case 'bitbucket': {
      const name = text('repository', 'full_name');
      const isPlain = name !== undefined && /^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/.test(name);
      return [
        text('repository', 'links', 'html', 'href'),
        isPlain ? `https://bitbucket.org/${name}` : undefined,
        ...listAt(payload, 'repository', 'links', 'clone')
          .slice(0, MAX_URLS)
          .map((link) => stringAt(link, 'href')),
        ...listAt(payload, 'repository', 'links', 'self')
          .slice(0, MAX_URLS)
          .map((link) => stringAt(link, 'href')),
      ];
    }
    case 'generic': {
      const several = at(payload, 'repositories');
      const list = Array.isArray(several) ? several.slice(0, MAX_URLS) : [];
      return [text('repository'), ...list.map((url) => (typeof url === 'string' ? url : undefined))];
    }
  }
}
