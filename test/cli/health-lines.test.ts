import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLines } from '../../src/cli/commands/health-lines.ts';
import type { CommandContext } from '../../src/cli/context.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-lines-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly exitCode: number;
  /** `status Reason` of every line. */
  readonly verdicts: readonly string[];
  readonly lines: readonly { readonly name: string; readonly message: string }[];
  readonly told: string;
}

async function answerTo(text: string): Promise<Answer> {
  const file = join(folder, 'objects.jsonl');
  writeFileSync(file, text);
  let out = '';
  let told = '';
  const terminal = { out: (part: string) => (out += part), err: (part: string) => (told += part) };
  const exitCode = await checkLines({ terminal } as unknown as CommandContext, file, undefined);
  const lines = out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { status: string; reason: string; name: string; message: string });
  return { exitCode, lines, told, verdicts: lines.map(({ status, reason }) => `${status} ${reason}`) };
}

const object = (kind: string, name: string, more: object = {}): string =>
  JSON.stringify({ apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, metadata: { name }, ...more });

describe('health --jsonl', () => {
  it('answers every line with one line, in the same order', async () => {
    const names = Array.from({ length: 1234 }, (_, index) => `c${index}`);
    const { lines, exitCode } = await answerTo(names.map((name) => object('ConfigMap', name)).join('\n'));
    expect(lines.map(({ name }) => name)).toEqual(names);
    expect(exitCode).toBe(0);
  });

  it('answers lines that are no JSON, no object or empty in their place, and says so at the end', async () => {
    const { verdicts, exitCode, told, lines } = await answerTo(
      `${object('ConfigMap', 'a')}\nnot json\n\n[1]\nnull\n{"kind":"List","apiVersion":"v1","items":[]}\n${object('ConfigMap', 'z')}\n`,
    );
    expect(verdicts).toEqual([
      'healthy Current',
      'unknown NotJson',
      'unknown NotJson',
      'unknown NotAnObject',
      'unknown NotAnObject',
      'unknown NotAnObject',
      'healthy Current',
    ]);
    expect(lines[1]?.message).toMatch(/^line 2 is no JSON: /);
    expect(exitCode).toBe(2);
    expect(told).toBe('2 of 7 lines are no JSON (JsonInvalid), the first is line 2');
  });

  it('lets an object see those on later lines, and inside of a list', async () => {
    const broken = {
      metadata: { name: 'web-1', labels: { app: 'web' } },
      spec: { nodeName: 'n', containers: [{ name: 'web', image: 'shop/web:1' }] },
      status: {
        phase: 'Pending',
        containerStatuses: [
          { name: 'web', ready: false, restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff' } } },
        ],
      },
    };
    const deployment = object('Deployment', 'web', {
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } } },
      status: { replicas: 1, updatedReplicas: 1, unavailableReplicas: 1 },
    });
    const pod = { apiVersion: 'v1', kind: 'Pod', ...broken };
    const alone = await answerTo(deployment);
    const before = await answerTo(`${deployment}\n${JSON.stringify(pod)}\n`);
    const inList = await answerTo(
      `${deployment}\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod] })}\n`,
    );
    expect(alone.verdicts[0]).toMatch(/^progressing /);
    expect([before.verdicts[0], inList.verdicts[0]]).toEqual([
      'degraded ImagePullBackOff',
      'degraded ImagePullBackOff',
    ]);
  });

  it('reads lines of Windows, a byte order mark and a line longer than what is read at once', async () => {
    const long = object('ConfigMap', 'long', { data: { text: 'ä'.repeat(200_000) } });
    const { verdicts, lines } = await answerTo(`\uFEFF${object('ConfigMap', 'a')}\r\n${long}\r\n`);
    expect(verdicts).toEqual(['healthy Current', 'healthy Current']);
    expect(lines[1]?.name).toBe('long');
  });

  it('refuses a file that cannot be read, by its name', async () => {
    await expect(
      checkLines({ terminal: {} } as unknown as CommandContext, join(folder, 'away.jsonl'), undefined),
    ).rejects.toThrow(/away\.jsonl cannot be read \(ENOENT\)/);
  });
});
