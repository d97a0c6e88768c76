import { describe, expect, it } from 'vitest';
import type { RenderRequest, RenderResult } from '../../src/core/manifest.ts';
import type { FetchedCommit } from '../../src/core/ports.ts';
import { readResult, writeResult } from '../../src/render/render-job.ts';
import { TraceCache } from '../../src/render/trace-cache.ts';
import { type JobRunner, TracedRenderer } from '../../src/render/traced-renderer.ts';
import { request } from './requests.ts';

function commit(id: string): FetchedCommit {
  return { commit: { id, author: '', timeSeconds: 0, subject: '', ref: '' }, gitDir: '/git' };
}

function result(digest: string, trace: Record<string, string>): RenderResult {
  return { kind: 'rendered', set: { manifests: [], digest }, trace, warnings: [] };
}

/** Commits as path → id; a render reads `a` and looks for `b`. */
function open(commits: Record<string, Record<string, string>>) {
  const rendered: string[] = [];
  const pool: JobRunner = {
    render: async ({ commitId, request: { path } }) => {
      rendered.push(commitId);
      const tree = commits[commitId] ?? {};
      const chart = `${path}/Chart.yaml`;
      return result(commitId, {
        a: tree.a ?? 'absent',
        b: tree.b ?? 'absent',
        ...(tree[chart] === undefined ? {} : { [chart]: tree[chart] }),
      });
    },
    close: async () => undefined,
  };
  const checker = {
    holds: async (fetched: FetchedCommit, trace: Readonly<Record<string, string>>) =>
      Object.entries(trace).every(([path, id]) => (commits[fetched.commit.id]?.[path] ?? 'absent') === id),
  };
  const renderer = new TracedRenderer({ pool, cache: new TraceCache(), checker });
  const render = (id: string, changes: Partial<RenderRequest> = {}) => renderer.render(commit(id), request(changes));
  return { rendered, render };
}

describe('TracedRenderer', () => {
  const commits = {
    one: { a: 'file:1', c: 'file:1' },
    other: { a: 'file:1', c: 'file:2' },
    changed: { a: 'file:2' },
    added: { a: 'file:1', b: 'file:9' },
  };

  it('renders again only when something that was read or looked for has changed', async () => {
    const { rendered, render } = open(commits);
    expect(await render('one')).toMatchObject({ set: { digest: 'one' } });
    expect(await render('other')).toMatchObject({ set: { digest: 'one' }, reused: true });
    expect(await render('changed')).not.toHaveProperty('reused');
    expect(await render('added')).not.toHaveProperty('reused');
    expect(await render('one')).toMatchObject({ set: { digest: 'one' }, reused: true });
    expect(rendered).toEqual(['one', 'changed', 'added']);
  });

  it('renders again for another request', async () => {
    const { rendered, render } = open(commits);
    await render('one');
    await render('one', { namespace: 'elsewhere' });
    await render('one', { settings: { kind: 'plain', recurse: false } });
    expect(rendered).toHaveLength(3);
  });

  it('renders a folder that is no chart once, whether it is installed or upgraded', async () => {
    const { rendered, render } = open(commits);
    await render('one', { isUpgrade: false, settings: { kind: 'auto' } });
    expect(await render('one', { isUpgrade: true, settings: { kind: 'auto' } })).toMatchObject({ reused: true });
    expect(rendered).toEqual(['one']);
  });

  it('renders a chart again when the installation becomes an upgrade', async () => {
    const { rendered, render } = open({ one: { a: 'file:1', 'chart/Chart.yaml': 'file:7' } });
    await render('one', { path: 'chart', isUpgrade: false, settings: { kind: 'auto' } });
    expect(await render('one', { path: 'chart', isUpgrade: true, settings: { kind: 'auto' } })).not.toHaveProperty(
      'reused',
    );
    expect(await render('one', { path: 'chart', isUpgrade: true, settings: { kind: 'auto' } })).toMatchObject({
      reused: true,
    });
    expect(rendered).toEqual(['one', 'one']);
  });

  it('gives every caller a result of its own', async () => {
    const { render } = open(commits);
    await render('one');
    const [first, second] = [await render('one'), await render('one')];
    expect(first).not.toBe(second);
    if (first.kind === 'rendered' && second.kind === 'rendered') expect(first.set).not.toBe(second.set);
  });
});

describe('TraceCache', () => {
  it('keeps no more than it may', async () => {
    const cache = new TraceCache({ maxBytes: 1000 });
    for (let index = 0; index < 100; index++) cache.put(`key ${index}`, result(`d${index}`, { a: 'x'.repeat(100) }));
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) => cache.find(`key ${index}`, async () => true)),
    );
    expect(all.filter((found) => found !== undefined).length).toBeLessThan(10);
    expect(all.at(-1)).toMatchObject({ set: { digest: 'd99' } });
  });
});

describe('results as text', () => {
  it('keep big integers and keys like __proto__', () => {
    const object = JSON.parse('{"apiVersion":"v1","kind":"X","metadata":{"name":"a"},"__proto__":{"x":1}}') as never;
    const key = { group: '', kind: 'X', namespace: '', name: 'a' };
    const size = { apiVersion: 'v1', kind: 'X', metadata: { name: 'b' }, size: 12345678901234567890n };
    const manifests = [object, size].map((item) => ({ key, object: item, origin: { path: 'a' } }));
    const back = readResult(
      writeResult({ kind: 'rendered', set: { manifests, digest: 'd' }, trace: {}, warnings: [] }),
    );
    if (back.kind !== 'rendered') throw new Error('not rendered');
    expect(Object.keys(back.set.manifests[0]?.object ?? {})).toContain('__proto__');
    expect(back.set.manifests[1]?.object.size).toBe(12345678901234567890n);
  });
});
