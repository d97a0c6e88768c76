import { readFileSync } from 'node:fs';
import { formatApplicationName, type Application, type ApplicationName } from '../core/application.ts';
import { EngineError, messageOf } from '../core/errors.ts';
import { isJsonObject, stringAt, type Json, type JsonObject } from '../core/json.ts';
import type { Cluster } from '../core/ports.ts';
import { listStates, readState, writeState, type StoredState } from '../apply/state-store.ts';
import { API_VERSION, KIND } from '../config/application-schema.ts';
import { resolveApplication } from '../config/resolve-application.ts';
import { loadYaml } from '../render/yaml/load.ts';

/** An application that the cluster knows: from its own object, or from the document kept beside its state. */
export interface KnownApplication {
  readonly application: Application;
  readonly document: Json;
  readonly stored: StoredState;
}

const APPLICATION_KIND = { group: 'evenkeel.dev', version: 'v1alpha1', kind: KIND } as const;

/** Reads Application documents from a file. @throws EngineError ConfigInvalid that names file, line and column */
export function readApplicationFile(
  path: string,
  defaultNamespace: string,
): { readonly application: Application; readonly document: JsonObject }[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new EngineError(
      'ConfigInvalid',
      `file ${path} cannot be read (${String((thrown as { code?: string }).code ?? 'Unreadable')}): ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
  const { documents, problems } = loadYaml(text, 'kubernetes');
  if (problems.length > 0) {
    throw new EngineError('ConfigInvalid', `file ${path} cannot be read (YamlInvalid): ${problems[0]?.message ?? ''}`, {
      data: { problems: problems.map((problem) => ({ ...problem, path })) },
    });
  }
  const applications = documents
    .filter(({ value }) => value !== null)
    .map(({ value, line }) => {
      if (!isJsonObject(value) || stringAt(value, 'kind') !== KIND || stringAt(value, 'apiVersion') !== API_VERSION) {
        throw new EngineError(
          'ConfigInvalid',
          `file ${path}:${line} is no Application (KindUnknown): it has apiVersion ${stringAt(value, 'apiVersion') ?? '(none)'} and kind ${stringAt(value, 'kind') ?? '(none)'}`,
          {
            remedy: `documents here are apiVersion: ${API_VERSION}, kind: ${KIND}`,
          },
        );
      }
      return {
        application: resolveApplication(value, defaultNamespace, `${path}:${line}: Application`),
        document: value,
      };
    });
  if (applications.length === 0) throw new EngineError('ConfigInvalid', `file ${path} holds no Application (Empty)`);
  return applications;
}

/** Keeps an application's document beside its state, so that every command finds it in the cluster. Writes only what changed. */
export async function registerApplication(
  cluster: Cluster,
  application: Application,
  document: Json,
): Promise<StoredState> {
  const stored = await readState(cluster, application.name);
  if (stored.document !== undefined && JSON.stringify(stored.document) === JSON.stringify(document)) return stored;
  return writeState(cluster, stored, { state: stored.state, document });
}

/** All applications that the cluster knows; those that cannot be read are named, the others go on. */
export async function listApplications(
  cluster: Cluster,
  namespace?: string,
): Promise<{ readonly applications: readonly KnownApplication[]; readonly problems: readonly EngineError[] }> {
  const { states, problems } = await listStates(cluster, namespace === undefined ? {} : { namespace });
  const objects = await declaredApplications(cluster, namespace);
  const found: KnownApplication[] = [];
  const broken = [...problems];
  const seen = new Set<string>();
  const add = (document: Json, stored: StoredState): void => {
    try {
      const application = resolveApplication(document, stored.name.namespace);
      seen.add(formatApplicationName(application.name));
      found.push({ application, document, stored });
    } catch (thrown) {
      if (thrown instanceof EngineError) broken.push(thrown);
      else throw thrown;
    }
  };
  const byName = new Map(states.map((stored) => [formatApplicationName(stored.name), stored]));
  for (const object of objects) {
    const name = {
      namespace: stringAt(object, 'metadata', 'namespace') ?? '',
      name: stringAt(object, 'metadata', 'name') ?? '',
    };
    const stored = byName.get(formatApplicationName(name));
    add(
      object,
      stored ?? {
        name,
        state: { inventory: [], held: [], claims: [] },
        document: undefined,
        resourceVersion: undefined,
      },
    );
  }
  for (const stored of states) {
    if (stored.document !== undefined && !seen.has(formatApplicationName(stored.name))) add(stored.document, stored);
  }
  found.sort((a, b) =>
    formatApplicationName(a.application.name) < formatApplicationName(b.application.name) ? -1 : 1,
  );
  return { applications: found, problems: broken };
}

async function declaredApplications(cluster: Cluster, namespace: string | undefined): Promise<readonly Json[]> {
  try {
    return await cluster.list(APPLICATION_KIND, namespace === undefined ? {} : { namespace });
  } catch (thrown) {
    // The definition is optional: without it applications are declared by the command line alone.
    if (thrown instanceof EngineError && thrown.code === 'KindUnknown') return [];
    throw thrown;
  }
}

/** Finds `name` or `namespace/name`. @throws EngineError UsageInvalid that names what there is */
export function findApplication(known: readonly KnownApplication[], text: string): KnownApplication {
  const wanted = parseName(text);
  const found = known.filter(
    ({ application }) =>
      application.name.name === wanted.name &&
      (wanted.namespace === undefined || application.name.namespace === wanted.namespace),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = known.map(({ application }) => formatApplicationName(application.name));
  if (found.length > 1) {
    throw new EngineError(
      'UsageInvalid',
      `application ${text} is not unique (Ambiguous): ${found.map(({ application }) => formatApplicationName(application.name)).join(', ')}`,
      {
        remedy: 'name it with its namespace: NAMESPACE/NAME',
      },
    );
  }
  throw new EngineError('UsageInvalid', `application ${text} is not known (NotFound)`, {
    remedy:
      names.length === 0
        ? 'this cluster has no applications yet: evenkeel up --repo URL --path PATH'
        : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`,
  });
}

function parseName(text: string): { readonly namespace?: string; readonly name: string } {
  const slash = text.indexOf('/');
  return slash < 0 ? { name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Applications so that each comes after those it depends on. @throws EngineError ConfigInvalid for a cycle */
export function inDependencyOrder<T extends { readonly application: Application }>(entries: readonly T[]): T[] {
  const byName = new Map(entries.map((entry) => [formatApplicationName(entry.application.name), entry]));
  const ordered: T[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: ApplicationName, path: readonly string[]): void => {
    const id = formatApplicationName(name);
    const entry = byName.get(id);
    if (entry === undefined || state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      throw new EngineError(
        'ConfigInvalid',
        `applications depend on each other in a circle (DependencyCycle): ${[...path.slice(path.indexOf(id)), id].join(' → ')}`,
        {
          remedy: 'remove one of the spec.dependsOn entries',
        },
      );
    }
    state.set(id, 'open');
    for (const dependency of entry.application.dependsOn) visit(dependency, [...path, id]);
    state.set(id, 'done');
    ordered.push(entry);
  };
  for (const entry of entries) visit(entry.application.name, []);
  return ordered;
}
