import type { Json } from '../../../../src/core/json.ts';
import { randomEntropy } from '../../../../src/render/helm/functions/entropy.ts';
import { helmFunctions, sprigFunctions } from '../../../../src/render/helm/functions/function-map.ts';
import { helmErrorText } from '../../../../src/render/helm/functions/render-errors.ts';
import { toBytes } from '../../../../src/render/helm/gotemplate/byte-string.ts';
import { Budget } from '../../../../src/render/helm/gotemplate/budget.ts';
import { TemplateSet } from '../../../../src/render/helm/gotemplate/engine.ts';
import { GoError } from '../../../../src/render/helm/gotemplate/errors.ts';
import type { FunctionMap } from '../../../../src/render/helm/gotemplate/function.ts';
import { goInt, goMap, goValueOf } from '../../../../src/render/helm/gotemplate/values.ts';
import { ChartProblem } from '../../../../src/render/helm/load/chart-problem.ts';
import { loadChart } from '../../../../src/render/helm/load/load-chart.ts';
import { resolveCapabilities } from '../../../../src/render/helm/objects/capabilities.ts';
import { type ChartTemplate, chartTemplates, isPartial } from '../../../../src/render/helm/objects/scopes.ts';
import { VALUES_TYPE } from '../../../../src/render/helm/functions/render-objects.ts';
import { GoMap } from '../../../../src/render/helm/gotemplate/values.ts';
import { coalesceValues, ValuesProblem } from '../../../../src/render/helm/values/coalesce.ts';
import { enableSubcharts } from '../../../../src/render/helm/values/enable-subcharts.ts';
import { importValues } from '../../../../src/render/helm/values/import-values.ts';
import { readValues } from '../../../../src/render/helm/values/read-values.ts';
import { fromJson, isTable, newTable, type Table, type Value } from '../../../../src/render/helm/values/value.ts';
import { MemorySnapshot } from '../../../doubles/memory-snapshot.ts';

/** A question to the template engine in the form of the cases and of the gotmpl oracle. */
export interface Question {
  readonly id?: string;
  readonly mode: 'text' | 'sprig' | 'helm';
  readonly template: string;
  readonly templates?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly chart?: Readonly<Record<string, Json>>;
  readonly release?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly revision?: number;
    readonly upgrade?: boolean;
  };
  readonly capabilities?: { readonly kubeVersion?: string; readonly apiVersions?: readonly string[] };
  readonly strict?: boolean;
  readonly lint?: boolean;
  readonly missingkey?: string;
  readonly ints?: boolean;
  readonly data?: Json;
  readonly values?: Json;
}

export type Answer =
  | { readonly output: string }
  /** `ofChart`: the chart or its values were refused before any template was read; those words are not the engine's. */
  | { readonly error: string; readonly ofChart?: boolean };

/** Helm's clock and dice in tests: one fixed moment, real randomness. */
const ENTROPY = randomEntropy(() => new Date('2024-05-06T07:08:09.123Z'));
const TEXT: FunctionMap = new Map();
const SPRIG = sprigFunctions({ entropy: ENTROPY });
const HELM = helmFunctions({ entropy: ENTROPY });
const LINT = helmFunctions({ entropy: ENTROPY, lint: true });

/** What the engine answers. @throws what is no answer: limits, and mistakes of ours */
export function evaluate(question: Question, budget: Budget = new Budget()): Answer {
  try {
    return { output: question.mode === 'helm' ? renderInChart(question, budget) : renderPlain(question, budget) };
  } catch (thrown) {
    if (thrown instanceof GoError) return { error: thrown.message };
    if (thrown instanceof ChartProblem || thrown instanceof ValuesProblem)
      return { error: thrown.message, ofChart: true };
    throw thrown;
  }
}

/** Whole numbers as int64, as `"ints": true` asks. */
function withIntegers(json: Json): Json {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item: Json) => withIntegers(item));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withIntegers(value as Json)]));
}

function renderPlain(question: Question, budget: Budget): string {
  const missingKey =
    question.missingkey === 'zero' || question.missingkey === 'error' ? question.missingkey : 'default';
  const set = new TemplateSet('t', question.mode === 'sprig' ? SPRIG : TEXT, { missingKey });
  for (const [name, text] of Object.entries(question.templates ?? {})) set.parse(name, text);
  set.parse('t', question.template);
  const data = question.data ?? null;
  return set.execute('t', goValueOf(question.ints === true ? withIntegers(data) : data), budget);
}

function userValues(question: Question): Table {
  const { values } = question;
  if (values === undefined) return newTable();
  if (typeof values === 'string') return readValues(new TextEncoder().encode(values), 'values.yaml');
  const table = question.ints === true ? withWholeNumbers(fromJson(values)) : fromJson(values);
  return isTable(table) ? table : newTable();
}

/** As `--set` makes them: whole numbers are int64. */
function withWholeNumbers(value: Value): Value {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(withWholeNumbers);
  if (!isTable(value)) return value;
  const table = newTable();
  for (const key of Object.keys(value)) table[key] = withWholeNumbers(value[key] ?? null);
  return table;
}

function renderInChart(question: Question, budget: Budget): string {
  const metadata = { apiVersion: 'v2', name: 'c', version: '0.1.0', ...question.chart };
  const files = new Map<string, string>([
    ['Chart.yaml', JSON.stringify(metadata)],
    ['templates/t.yaml', question.template],
    ...Object.entries(question.templates ?? {}).map(([name, text]) => [`templates/${name}`, text] as const),
    ...Object.entries(question.files ?? {}),
  ]);
  const warn = (): void => undefined;
  const { chart: loaded } = loadChart(new MemorySnapshot(Object.fromEntries(files)), '');
  const user = userValues(question);
  const chart = importValues(enableSubcharts(loaded, user, warn), warn);
  const values = coalesceValues(chart, user, { keepNulls: false, warn });
  const capabilities = resolveCapabilities({
    kubeVersion: question.capabilities?.kubeVersion ?? '1.30.0',
    ...(question.capabilities?.apiVersions === undefined ? {} : { apiVersions: question.capabilities.apiVersions }),
  });
  if ('problem' in capabilities) throw new GoError(capabilities.problem);
  const { name = 'rel', namespace = 'ns', revision = 1, upgrade = false } = question.release ?? {};
  const templates = chartTemplates({ chart, values, capabilities, release: { name, namespace, isUpgrade: upgrade } });
  for (const { scope } of templates) {
    const release = scope.entries.get('Release');
    if (release instanceof GoMap) release.entries.set('Revision', goInt(revision));
  }
  return renderAll(templates, question, budget);
}

/** The order of Helm: most slashes first, then the larger name. */
function inHelmOrder(left: ChartTemplate, right: ChartTemplate): number {
  return right.name.split('/').length - left.name.split('/').length || (left.name < right.name ? 1 : -1);
}

function renderAll(templates: readonly ChartTemplate[], question: Question, budget: Budget): string {
  const set = new TemplateSet('gotpl', question.lint === true ? LINT : HELM, {
    missingKey: question.strict === true ? 'error' : 'zero',
  });
  const ordered = [...templates].sort(inHelmOrder);
  let output = '';
  for (const template of ordered) asHelm(template, () => set.parse(template.name, template.file.data));
  for (const template of ordered) {
    if (isPartial(template.name)) continue;
    const own = new GoMap(goMap({ Name: template.name, BasePath: template.basePath }).entries, VALUES_TYPE);
    template.scope.entries.set('Template', own);
    const scope = new GoMap(template.scope.entries, VALUES_TYPE);
    const text = asHelm(template, () => set.execute(template.name, scope, budget));
    if (template.name === 'c/templates/t.yaml') output = text.replaceAll('<no value>', '');
  }
  return output;
}

function asHelm<T>(template: ChartTemplate, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof GoError) throw new GoError(toBytes(helmErrorText(template.name, thrown)));
    throw thrown;
  }
}
