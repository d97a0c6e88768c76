import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEATURE_CASES } from '../render/helm/features/cases.ts';

const MAIN = resolve('dist/cli/main.js');
const FEATURES = resolve('test/render/helm/features');

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function render(cwd: string, args: readonly string[]): Promise<Answer> {
  const options = { cwd, env: { PATH: process.env['PATH'], HOME: tmpdir() }, maxBuffer: 1 << 26 };
  return new Promise((done) => {
    execFile(process.execPath, [MAIN, 'render', ...args], options, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

describe('evenkeel render CHART', () => {
  it.each(Object.entries(FEATURE_CASES))(
    'prints what helm template prints: %s',
    async (name, [, release = '', ...flags]) => {
      const golden = join(FEATURES, `${name}.golden.yaml`);
      const { code, out } = await render(FEATURES, [...flags, '--release', release]);
      if (existsSync(golden)) expect([code, out]).toEqual([0, readFileSync(golden, 'utf8')]);
      else expect([code, out]).toEqual([6, '']);
    },
  );
});

describe('flags of helm template', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-render-'));
    for (const path of ['c/templates', 'c/crds']) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, 'c/Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 1.0.0\n');
    writeFileSync(join(folder, 'c/values.schema.json'), '{"properties": {"size": {"type": "number"}}}');
    writeFileSync(join(folder, 'c/crds/x.yaml'), 'kind: CustomResourceDefinition\n');
    writeFileSync(
      join(folder, 'c/templates/a.yaml'),
      '{{- define "r" }}{{ if gt (int .n) 0 }}{{ include "r" (dict "n" (sub .n 1)) }}{{ end }}x{{ end -}}\n' +
        'a: {{ .Release.Name }} {{ .Values.size }} {{ include "r" (dict "n" .Values.depth) | len }}\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [['--name-template', 'x-{{ "Y" | lower }}'], 'a: x-y  1'],
    [['--skip-schema-validation', '--set', 'size=big'], 'a: release-name big 1'],
    [['--set', 'depth=1000'], 'a: release-name  1001'],
  ])('%j', async (flags, line) => {
    const { out, err } = await render(folder, ['c', ...flags]);
    expect([out.split('\n')[2], err]).toEqual([line, '']);
  });

  it('--skip-crds leaves CRDs out, whatever --include-crds says', async () => {
    expect((await render(folder, ['c', '--include-crds'])).out).toContain('CustomResourceDefinition');
    expect((await render(folder, ['c', '--include-crds', '--skip-crds'])).out).not.toContain(
      'CustomResourceDefinition',
    );
  });

  it('a template that includes itself without end fails as in Helm', async () => {
    const { code, err } = await render(folder, ['c', '--set', 'depth=1001']);
    expect(code).toBe(6);
    expect(err).toContain('rendering template has a nested reference name: r: unable to execute template');
  });

  it('what a chart says reaches the terminal without control characters, and cut', async () => {
    mkdirSync(join(folder, 'rude/templates'), { recursive: true });
    writeFileSync(join(folder, 'rude/Chart.yaml'), 'apiVersion: v2\nname: rude\nversion: 1.0.0\n');
    writeFileSync(
      join(folder, 'rude/templates/a.yaml'),
      '{{ fail (printf "\\x1b[2J\\u202egpj.exe\\r%s" (repeat 1000000 "x")) }}',
    );
    const { code, err } = await render(folder, ['rude']);
    expect(code).toBe(6);
    expect(['\u001b', '\u202e', '\r'].filter((character) => err.includes(character))).toEqual([]);
    expect(err.length).toBeLessThan(5_000);
  });

  it.each([['--post-renderer', './x.sh'], ['--output-dir', 'out'], ['--validate'], ['--generate-name']])(
    '%s is refused by name, with what to do instead',
    async (...flags) => {
      const { code, err } = await render(folder, ['c', ...flags]);
      expect(code).not.toBe(0);
      expect(err).toContain(`option ${flags[0]} of helm template is not supported`);
      expect(err).toContain('to do');
    },
  );
});
