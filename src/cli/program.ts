import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../config/duration.ts';
import { EngineError } from '../core/errors.ts';
import type { HelmSet } from '../core/manifest.ts';
import { completionScript } from './completion.ts';
import { OVERLAYS } from './install/overlays.ts';
import type { OutputFormat } from './terminal.ts';

export interface GlobalOptions {
  readonly output: OutputFormat;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly dataDir?: string;
  readonly allowChartHost?: readonly string[];
  readonly allowBaseHost?: readonly string[];
  readonly healthRules?: string;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** A command as it was called: its name, its words, and its options as commander read them. */
export interface Invocation {
  readonly command: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly global: GlobalOptions;
}

/** Reads a command line. `run` is called for a command; help and version print and end by themselves. */
export function buildProgram(
  version: string,
  run: (invocation: Invocation) => Promise<void>,
  print: (text: string) => void,
): Command {
  const program = new Command('evenkeel')
    .description('Keeps Kubernetes clusters on the course that is set in Git.')
    .version(version, '--version', 'print the version')
    .enablePositionalOptions()
    .showHelpAfterError('(evenkeel --help lists commands and options)')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  const add = (name: string, description: string, example: string): Command =>
    withGlobals(
      program.command(name).description(description).addHelpText('after', `\nExample:\n  ${example}\n`),
    ).exitOverride();
  const act = (command: Command, name = command.name()): Command =>
    command.action(async (...parts: unknown[]) => {
      const self = parts.at(-1) as Command;
      const words = parts
        .slice(0, -2)
        .flatMap((part) => (Array.isArray(part) ? (part as string[]) : part === undefined ? [] : [part as string]));
      const options = self.opts<Record<string, unknown>>();
      await run({ command: name, words, options, global: options as unknown as GlobalOptions });
    });

  act(
    add(
      'up',
      'From a commit to a healthy cluster on this machine: the examples, or your own repository; embedded cluster, or your own',
      'evenkeel up --repo https://git.example.com/team/config.git --path apps/shop -n shop',
    )
      .option('--repo <url>', 'repository: https, http, ssh, file URL or a folder; default: the bundled examples')
      .option('--path <path>', 'folder inside the repository')
      .option('--ref <ref>', 'branch, refs/tags/TAG or full commit id; default: the remote HEAD')
      .option('--name <name>', 'name of the application; default: from the path')
      .option('-f, --file <file>', 'Application documents instead of --repo')
      .option('--until-healthy', 'end when all is healthy (exit 0) or the deadline passes (exit 4)')
      .addOption(
        new Option('--timeout <duration>', 'deadline for becoming healthy').argParser(duration).default(600_000, '10m'),
      )
      .option('--nodes <number>', 'nodes of the embedded cluster', wholeNumber, 3)
      .option('--gpu-nodes <number>', 'nodes with 8 GPUs of the embedded cluster', wholeNumber, 1)
      .addOption(
        new Option('--interval <duration>', 'how often the cluster is looked at; Git hosts are asked at spec.interval')
          .argParser(duration)
          .default(3_000, '3s'),
      ),
  );
  const render = act(
    add(
      'render',
      'Print the manifests of a folder as kustomize build or helm template would',
      'evenkeel render apps/shop/prod',
    )
      .argument('<path>', 'folder with a kustomization, a chart, or plain manifests')
      .option('--release <name>', 'release name (Helm)', 'release-name')
      .option('--name-template <text>', 'template that writes the release name (Helm)')
      .option('-f, --values <file>', 'values file, later ones win (Helm)', collect)
      .option('--set <text>', 'set a value: a.b=c (Helm)', setter('set'))
      .option('--set-string <text>', 'set a text value (Helm)', setter('set-string'))
      .option('--set-json <text>', 'set a JSON value (Helm)', setter('set-json'))
      .option('--set-literal <text>', 'set a text value as it stands (Helm)', setter('set-literal'))
      .option('--set-file <text>', 'set a value from a file (Helm)', setter('set-file'))
      .option('--kube-version <version>', 'Kubernetes version for Capabilities.KubeVersion (Helm)')
      .option('-a, --api-versions <versions>', 'API versions for Capabilities.APIVersions (Helm)', collectCommas)
      .option('--include-crds', 'print the chart’s CRDs as well (Helm)')
      .option('--skip-crds', 'leave out the chart’s CRDs, whatever --include-crds says (Helm)')
      .option('--skip-schema-validation', 'do not check the values against the chart’s values.schema.json (Helm)')
      .option('--skip-tests', 'leave out test hooks (Helm)')
      .option('--no-hooks', 'leave out all hooks (Helm)')
      .option('--is-upgrade', 'set .Release.IsUpgrade instead of .Release.IsInstall (Helm)')
      .option('-s, --show-only <template>', 'only the manifests of this template (Helm)', collect)
      .option(
        '--registry-config <file>',
        'logins of chart repositories and registries, as helm registry login writes it',
      )
      .option('--seed <text>', 'derive random strings from this text, the same every time; keys stay random (Helm)')
      .addOption(new Option('--reorder <order>', 'order of the objects (Kustomize)').choices(['legacy', 'none'])),
  );
  for (const { flag, takes } of REFUSED_HELM_FLAGS) {
    render.addOption(new Option(takes === undefined ? flag : `${flag} ${takes}`).hideHelp());
  }
  act(
    add(
      'diff',
      'What would change, against the cluster or between two commits; exit 1 when something differs',
      'evenkeel diff shop\n  evenkeel diff apps/shop/prod --from main~1 --to main',
    )
      .argument('<target>', 'application, or a folder of a repository')
      .option('--from <revision>', 'compare from this commit, branch or tag (no cluster is needed)')
      .option('--to <revision>', 'compare to this commit, branch or tag; default: HEAD')
      .option('-f, --file <file>', 'read the Application from a file'),
  );
  act(
    withOverrides(
      add('plan', 'The ordered plan of a sync, with the digest that approves it', 'evenkeel plan shop')
        .argument('<app>', 'NAME or NAMESPACE/NAME')
        .option('-f, --file <file>', 'read the Application from a file'),
    ),
  );
  act(
    withOverrides(
      withWaiting(
        add('sync', 'Apply the plan and wait until all is healthy', 'evenkeel sync shop --plan sha256:4f1c…')
          .argument('<app>', 'NAME or NAMESPACE/NAME')
          .option('-f, --file <file>', 'read the Application from a file')
          .option('--plan <digest>', 'apply exactly the plan with this digest, or nothing'),
      ),
    ),
  );
  act(add('get', 'List applications', 'evenkeel get -o yaml').argument('[app]', 'NAME or NAMESPACE/NAME'));
  act(add('status', 'One application at a glance', 'evenkeel status shop').argument('<app>', 'NAME or NAMESPACE/NAME'));
  act(
    add('tree', 'The objects of an application and what they own, each with its health', 'evenkeel tree shop').argument(
      '<app>',
      'NAME or NAMESPACE/NAME',
    ),
  );
  act(
    add('explain', 'Why is it not done yet, and what to do about it', 'evenkeel explain shop').argument(
      '<app>',
      'NAME or NAMESPACE/NAME',
    ),
  );
  act(
    add('history', 'What was applied, when, by whom, and what came of it', 'evenkeel history shop')
      .argument('<app>', 'NAME or NAMESPACE/NAME')
      .option('--limit <number>', 'newest revisions to show', wholeNumber, 20),
  );
  act(
    withWaiting(
      add(
        'rollback',
        'Go back to a stored revision; works with automatic sync and without Git',
        'evenkeel rollback shop 3',
      )
        .argument('<app>', 'NAME or NAMESPACE/NAME')
        .argument('[revision]', 'number from evenkeel history; default: the one before')
        .option('--allow-deletions', 'delete more objects than sync.maxDeletions allows')
        .option(
          '--confirm-delete <object>',
          'a protected object that may be deleted: KIND/NAME or KIND/NAMESPACE/NAME',
          collect,
        ),
    ),
  );
  act(
    withWaiting(
      add(
        'install',
        'Print the manifests of the controller, or apply them',
        'evenkeel install --overlay ha | less\n  evenkeel install --apply',
      )
        .addOption(new Option('--overlay <overlay>', 'folder of deploy/overlays').choices(OVERLAYS).default('default'))
        .option('--apply', 'apply them to the cluster instead of printing them')
        .option('--image <image>', 'image of the controller, from a registry of one’s own')
        .option('--allow-deletions', 'delete more objects than sync.maxDeletions allows: another overlay has fewer'),
    ),
  );
  act(
    add(
      'uninstall',
      'Delete what install applied; the Application kind and the namespace only when confirmed',
      'evenkeel uninstall --confirm-delete Namespace/evenkeel-system',
    ).option('--confirm-delete <object>', 'a protected object that may be deleted: KIND/NAME', collect),
  );
  act(
    add(
      'controller',
      'The service: keeps all Applications of the cluster in sync; inside of it, or beside it',
      'REDIS_URL=redis://127.0.0.1:6379 evenkeel controller --kubeconfig admin.conf',
    )
      .option('--listen <host>', 'address for webhooks, API and probes; default: 127.0.0.1, in a pod all')
      .option('--port <number>', 'port of webhooks and API', wholeNumber, 8080)
      .option('--probes-port <number>', 'port of /healthz, /readyz and /metrics', wholeNumber, 8081)
      .option('--redis-prefix <text>', 'before every key in Redis (its address is $REDIS_URL)', 'evenkeel')
      .option('--no-leader-election', 'for a single replica: write without asking whether another one leads')
      .addOption(
        new Option('--lease-duration <duration>', 'another replica takes over after this time')
          .argParser(duration)
          .default(15_000, '15000ms'),
      )
      .option('--watch-namespace <namespace>', 'only Applications of this namespace')
      .option('--default-service-account <name>', 'ServiceAccount that Applications act as when they name none')
      .option('--concurrency <number>', 'applications that are worked on at the same time', wholeNumber, 32)
      .option('--renders <number>', 'render processes; default: one a core', wholeNumber)
      .addOption(
        new Option('--resync <duration>', 'each application is looked at in full at least this often')
          .argParser(duration)
          .default(3_600_000, '3600000ms'),
      )
      .option('--allow-local-repositories', 'take folders of this machine as repositories')
      .addOption(
        new Option('--log-level <level>', 'least level that is written')
          .choices(['debug', 'info', 'warn', 'error'])
          .default('info'),
      ),
  );
  const health = program
    .command('health')
    .description('The verdict on objects of a file, without a cluster')
    .exitOverride();
  act(
    withGlobals(
      health
        .command('check', { isDefault: true })
        .description('Judge the objects of a file, or of standard input with -')
        .argument('[file]', 'YAML or JSON; - is standard input', '-')
        .option('--jsonl', 'one JSON object a line in, one verdict a line out'),
    ).exitOverride(),
    'health check',
  );
  act(
    withGlobals(
      health
        .command('test')
        .description('Run the cases of one’s own health rules')
        .argument('<file>', 'rules with their cases'),
    ).exitOverride(),
    'health test',
  );
  program
    .command('completion')
    .description('Print a completion script for a shell')
    .addHelpText('after', '\nExample:\n  source <(evenkeel completion bash)\n')
    .argument('<shell>', 'bash, zsh or fish', oneOf(['bash', 'zsh', 'fish']))
    .exitOverride()
    .action((shell: 'bash' | 'zsh' | 'fish') => print(completionScript(shell, program)));
  return program;
}

/** What `helm template` takes and `render` does not. */
export const REFUSED_HELM_FLAGS: readonly {
  readonly flag: string;
  readonly takes?: string;
  readonly remedy: string;
}[] = [
  { flag: '--generate-name', remedy: 'name the release: --release NAME, or --name-template' },
  { flag: '--output-dir', takes: '<folder>', remedy: 'redirect the output: evenkeel render PATH > FILE' },
  { flag: '--release-name', remedy: 'it only names folders of --output-dir' },
  { flag: '--validate', remedy: 'compare with the cluster: evenkeel diff PATH' },
  { flag: '--dry-run', takes: '[mode]', remedy: 'compare with the cluster: evenkeel diff PATH' },
  {
    flag: '--post-renderer',
    takes: '<name>',
    remedy:
      'no program is run; an Application has render.helm.postRender, a folder a kustomization that names the chart in helmCharts',
  },
  {
    flag: '--repo',
    takes: '<url>',
    remedy: 'name the chart in dependencies of a Chart.yaml, or in helmCharts of a kustomization',
  },
  {
    flag: '--dependency-update',
    remedy: 'dependencies are fetched by themselves from hosts that --allow-chart-host names',
  },
  { flag: '--render-subchart-notes', remedy: 'notes are for people after an installation and are not rendered' },
  { flag: '--enable-dns', remedy: 'getHostByName always answers with an empty text' },
];

function withGlobals(command: Command): Command {
  return command
    .addOption(
      new Option('-o, --output <format>', 'how results are printed').choices(['text', 'json', 'yaml']).default('text'),
    )
    .option(
      '--kubeconfig <file>',
      'kubeconfig; default: a running evenkeel up of this folder, $KUBECONFIG, ~/.kube/config',
    )
    .option('--context <name>', 'context of the kubeconfig')
    .option(
      '--allow-chart-host <host>',
      'host that charts may be fetched from: HOST, HOST:PORT or *.DOMAIN; default: none',
      collect,
    )
    .option(
      '--allow-base-host <host>',
      'host that bases and files of kustomizations may be fetched from, written likewise; default: none',
      collect,
    )
    .option('--health-rules <file>', 'rules of health of one’s own, tried before those that are shipped')
    .option('-n, --namespace <namespace>', 'namespace of applications (and of rendered objects that name none)')
    .option(
      '--data-dir <folder>',
      'clones and history; default: $EVENKEEL_DATA_DIR, .evenkeel here or above, ~/.local/state/evenkeel',
    )
    .option('--no-color', 'no colours, even on a terminal')
    .option('-v, --verbose', 'more detail on errors, and logs on standard error');
}

function withOverrides(command: Command): Command {
  return command
    .option('--retry', 'apply a commit that is held (rejected, or rolled back)')
    .option('--adopt', 'take over objects that Argo CD, Flux or Helm claim')
    .option('--allow-empty', 'go on although nothing was rendered: everything is deleted')
    .option('--allow-deletions', 'delete more objects than sync.maxDeletions allows')
    .option(
      '--confirm-delete <object>',
      'a protected object that may be deleted: KIND/NAME or KIND/NAMESPACE/NAME',
      collect,
    );
}

function withWaiting(command: Command): Command {
  return command
    .option('--no-wait', 'do not wait until all is healthy')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait until all is healthy')
        .argParser(duration)
        .default(300_000, '5m'),
    );
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

function collectCommas(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(',').filter((part) => part !== '')];
}

/** The `--set` family in the order in which it was written, over all its flags. */
const setOrder: HelmSet[] = [];
function setter(flag: HelmSet['flag']): (text: string) => readonly HelmSet[] {
  return (text) => {
    setOrder.push({ flag, text });
    return setOrder;
  };
}

/** All `--set` flags of this command line, in order. */
export function setFlags(): readonly HelmSet[] {
  return setOrder;
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('a duration is written 30s, 5m or 1h30m.');
  return ms;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted.');
  return Number(text);
}

function oneOf(choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (!choices.includes(text)) throw new InvalidArgumentError(`choose one of ${choices.join(', ')}.`);
    return text;
  };
}

/** What commander refused, as an error of ours; undefined for help and version, which are no errors. */
export function usageError(thrown: unknown): EngineError | undefined {
  if (!(thrown instanceof CommanderError)) return undefined;
  if (thrown.exitCode === 0) return undefined;
  return new EngineError('UsageInvalid', thrown.message.replace(/^error: /, ''));
}
