import { labelOf } from '../../core/application-label.ts';
import { APPLICATION_LABEL, type ApplicationName } from '../../core/application.ts';
import { digestText } from '../../core/digest.ts';
import { EngineError } from '../../core/errors.ts';
import { describeKey } from '../../core/object-key.ts';
import type { Cluster } from '../../core/ports.ts';
import { deleteState, readState } from '../../apply/state-store.ts';
import { API_VERSION, KIND } from '../../config/application-schema.ts';
import { resolveApplication } from '../../config/resolve-application.ts';
import type { Engine } from '../../controller/engine.ts';
import { planRevision, type Prepared } from '../../controller/prepare.ts';
import { carryOut, type Reconciled } from '../../controller/reconcile.ts';
import type { CommandContext } from '../context.ts';
import { ensureRedisSecret, REDIS_SECRET } from '../install/redis-secret.ts';
import {
  INSTALL_NAMESPACE,
  printOverlay,
  renderOverlay,
  type OverlayOptions,
  type RenderedOverlay,
} from '../install/render-overlay.ts';
import { formatData, planDocument } from '../output/print-data.ts';
import { formatProgress } from '../output/print-progress.ts';
import { overridesOf, printPlan, type OverrideOptions } from './plan.ts';
import { finishSync } from './sync.ts';

/** The installation is an application of its own: its state says what was installed. */
const INSTALLATION: ApplicationName = { namespace: INSTALL_NAMESPACE, name: 'installation' };
const NAMESPACE = { group: '', version: 'v1', kind: 'Namespace' } as const;
const APPLICATIONS = { group: 'evenkeel.dev', version: 'v1alpha1', kind: KIND } as const;
const CONFIRM_NAMESPACE = `Namespace/${INSTALL_NAMESPACE}`;
const DEFINITIONS = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' } as const;
const DEFINITION = 'applications.evenkeel.dev';
const CONFIRM_DEFINITION = `CustomResourceDefinition/${DEFINITION}`;
const CONFIRMABLE: readonly string[] = [CONFIRM_NAMESPACE, CONFIRM_DEFINITION];

export interface InstallOptions extends OverrideOptions, OverlayOptions {
  /** Without it the manifests are only printed. */
  readonly apply: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number;
}

/**
 * `evenkeel install`: prints the manifests of an overlay of deploy/, or applies them as every other application is applied: rendered,
 * planned, applied in waves, watched until healthy. Running it again upgrades. Exit codes as `sync`.
 */
export async function installCommand(context: CommandContext, options: InstallOptions): Promise<number> {
  const overlay = renderOverlay(options);
  const redis = overlay.manifests.some(({ key }) => key.kind === 'StatefulSet' && key.name === 'evenkeel-redis');
  if (!options.apply) {
    const { terminal } = context;
    if (context.format === 'json')
      terminal.out(formatData({ objects: overlay.manifests.map(({ object }) => object) }, 'json'));
    else terminal.out(printOverlay(options));
    if (redis)
      terminal.err(
        `the Secret ${INSTALL_NAMESPACE}/${REDIS_SECRET} with the password of Redis is not among them: evenkeel install --apply makes it, deploy/README.md says how to by hand`,
      );
    return 0;
  }
  const engine = await context.engine();
  await ensureNamespace(engine.home, overlay);
  if (redis && (await ensureRedisSecret(engine.home, INSTALL_NAMESPACE)))
    context.terminal.err(`made a password for Redis: Secret ${INSTALL_NAMESPACE}/${REDIS_SECRET}`);
  const prepared = await planInstallation(overlay, `the ${options.overlay} overlay`, engine, context, options);
  if (context.format === 'text') printPlan(context, prepared);
  return finishSync(context, await apply(prepared, engine, context), {
    ...options,
    why: `kubectl -n ${INSTALL_NAMESPACE} get pods,events`,
  });
}

export interface UninstallOptions {
  readonly confirmDelete: readonly string[];
}

/**
 * `evenkeel uninstall`: deletes what `install` applied. The definition of the Application kind and the namespace stay until they are
 * confirmed by name. The definition stays in any case while there are Applications: they would all be deleted with it.
 */
export async function uninstallCommand(context: CommandContext, options: UninstallOptions): Promise<number> {
  const odd = options.confirmDelete.find((word) => !CONFIRMABLE.includes(word));
  if (odd !== undefined)
    throw new EngineError('UsageInvalid', `option --confirm-delete ${odd} names nothing that asks for it (Invalid)`, {
      remedy: `it takes ${CONFIRMABLE.join(' and ')}`,
    });
  const engine = await context.engine();
  const stored = await readState(engine.home, INSTALLATION, context.signal);
  if (stored.resourceVersion === undefined) {
    throw new EngineError('UsageInvalid', 'evenkeel is not installed in this cluster by evenkeel install (NotFound)', {
      remedy: 'what kubectl applied, kubectl deletes: kubectl delete -k deploy/overlays/default',
    });
  }
  if (options.confirmDelete.includes(CONFIRM_DEFINITION)) await refuseWhileUsed(engine.home, context.signal);
  const nothing = { manifests: [], digest: digestText(''), warnings: [] };
  const prepared = await planInstallation(nothing, 'uninstall', engine, context, {
    allowEmpty: true,
  });
  if (context.format === 'text') printPlan(context, prepared);
  const { report, stored: after, complete } = await apply(prepared, engine, context);
  const failed = report.failed[0];
  if (failed !== undefined) return failed.error?.exitCode ?? new EngineError('ApplyFailed', '').exitCode;
  if (!complete) return new EngineError(report.cancelled ? 'Cancelled' : 'ApplyFailed', '').exitCode;
  const confirmed = new Set(options.confirmDelete);
  if (confirmed.has(CONFIRM_DEFINITION)) await engine.home.delete(DEFINITIONS, { namespace: '', name: DEFINITION });
  // The namespace holds the state of the installation: it goes last.
  if (confirmed.has(CONFIRM_NAMESPACE)) {
    await deleteState(engine.home, after, context.signal);
    await engine.home.delete(NAMESPACE, { namespace: '', name: INSTALL_NAMESPACE });
  }
  const stays = after.state.inventory
    .map((key) => (key.namespace === '' ? `${key.kind}/${key.name}` : describeKey(key)))
    .filter((word) => !confirmed.has(word));
  if (context.format === 'text') printLeft(context, stays);
  else context.terminal.out(formatData({ plan: planDocument(prepared.plan), complete, stays }, context.format));
  return 0;
}

function printLeft(context: CommandContext, stays: readonly string[]): void {
  const { out, style } = context.terminal;
  out(`${style.green('✔')} evenkeel is uninstalled\n`);
  if (stays.length === 0) return;
  out(`  these stay: ${stays.join(', ')}\n`);
  const words = stays.map((word) => `--confirm-delete ${word}`).join(' ');
  out(`  ${style.dim(`to delete them too: evenkeel uninstall ${words}`)}\n`);
}

/** The state of the installation lives in its own namespace, so that one comes before everything else. */
async function ensureNamespace(cluster: Cluster, overlay: RenderedOverlay): Promise<void> {
  const live = await cluster.get(NAMESPACE, { namespace: '', name: INSTALL_NAMESPACE });
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'present') return;
  const manifest = overlay.manifests.find(({ key }) => key.kind === 'Namespace' && key.name === INSTALL_NAMESPACE);
  if (manifest === undefined) return;
  const { metadata } = manifest.object;
  await cluster.apply({
    ...manifest.object,
    metadata: { ...metadata, labels: { ...metadata.labels, [APPLICATION_LABEL]: labelOf(INSTALLATION) } },
  });
}

async function planInstallation(
  overlay: RenderedOverlay,
  subject: string,
  engine: Engine,
  context: CommandContext,
  overrides: OverrideOptions,
): Promise<Prepared> {
  const application = resolveApplication(
    {
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: { ...INSTALLATION },
      // The source is never asked: what is applied comes with this package.
      spec: { source: { git: { url: 'file:.' } }, sync: { immutable: 'fail' } },
    },
    INSTALL_NAMESPACE,
  );
  return planRevision(
    application,
    await readState(engine.home, INSTALLATION, context.signal),
    {
      commitId: overlay.digest.replace(/^sha256:/, '').slice(0, 40),
      commitSubject: subject,
      author: context.person,
      manifests: overlay.manifests,
      manifestDigest: overlay.digest,
      warnings: overlay.warnings,
      reused: false,
    },
    engine,
    { overrides: overridesOf(overrides), dryRunChanges: true, signal: context.signal },
  );
}

function apply(prepared: Prepared, engine: Engine, context: CommandContext): Promise<Reconciled> {
  return carryOut(
    prepared,
    engine,
    {
      signal: context.signal,
      trigger: `person ${context.person}`,
      onProgress: (event) => {
        const line = context.format === 'text' ? formatProgress(event, context.terminal.errStyle) : undefined;
        if (line !== undefined) context.terminal.err(line);
      },
    },
    new Date(engine.clock.now()).toISOString(),
  );
}

/** Deleting a definition deletes every object of it, and with the controller gone nobody would prune what they own. */
async function refuseWhileUsed(cluster: Cluster, signal: AbortSignal): Promise<void> {
  let names: readonly string[];
  try {
    const found = await cluster.list(APPLICATIONS, { signal });
    names = found.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'KindUnknown') return;
    throw thrown;
  }
  if (names.length === 0) return;
  throw new EngineError(
    'PlanRefused',
    `evenkeel is not uninstalled (InUse): there ${names.length === 1 ? 'is' : 'are'} ${names.length} Applications, ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`,
    { remedy: `delete them first, while the controller runs, or leave out --confirm-delete ${CONFIRM_DEFINITION}` },
  );
}
