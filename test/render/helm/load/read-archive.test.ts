import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ChartProblem } from '../../../../src/render/helm/load/chart-problem.ts';
import { loadArchive } from '../../../../src/render/helm/load/load-chart.ts';
import { DEFAULT_LOAD_LIMITS } from '../../../../src/render/helm/load/load-limits.ts';
import { buildTar, buildTgz, packChart, type TarPart } from '../tar-builder.ts';

const CHART: TarPart = { name: 'web/Chart.yaml', text: 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };

function refusal(bytes: Uint8Array, limits = DEFAULT_LOAD_LIMITS): string {
  try {
    loadArchive(bytes, 'charts/web-1.0.0.tgz', limits);
  } catch (thrown) {
    if (thrown instanceof ChartProblem) return `${thrown.path}: ${thrown.message}`;
    throw thrown;
  }
  return 'accepted';
}

describe('chart archives', () => {
  it('are read without the folder that holds everything', () => {
    const { chart } = loadArchive(packChart('web', '1.0.0', { 'templates/a.yaml': 'a', 'conf/b.txt': 'b' }), 'web.tgz');
    expect(chart.metadata).toMatchObject({ name: 'web', version: '1.0.0' });
    expect(chart.templates.map(({ name, origin }) => [name, origin])).toEqual([
      ['templates/a.yaml', 'web.tgz/templates/a.yaml'],
    ]);
    expect(chart.files.map(({ name }) => name)).toEqual(['conf/b.txt']);
  });

  it('may hold archives of subcharts', () => {
    const inner = packChart('db', '2.0.0');
    const bytes = buildTgz([CHART, { name: 'web/charts/db-2.0.0.tgz', text: inner }]);
    expect(loadArchive(bytes, 'web.tgz').chart.dependencies.map(({ metadata }) => metadata.name)).toEqual(['db']);
  });

  it('may name folders and have long names', () => {
    const long = `web/templates/${'d/'.repeat(20)}x.yaml`;
    const record = `path=${long}\n`;
    const pax = `${record.length + 3} ${record}`;
    const bytes = buildTgz([
      CHART,
      { name: 'web/templates/', type: '5' },
      { name: 'PaxHeader', type: 'x', text: pax },
      { name: 'cut', text: 'x' },
    ]);
    expect(loadArchive(bytes, 'web.tgz').chart.templates.map(({ name }) => name)).toEqual([long.slice(4)]);
  });

  it.each<[string, TarPart]>([
    ['climbs out', { name: 'web/../../etc/passwd', text: 'x' }],
    ['climbs inside a name', { name: 'web/templates/../../x', text: 'x' }],
    ['climbs with backslashes', { name: 'web\\..\\..\\x', text: 'x' }],
    ['is absolute', { name: '/etc/passwd', text: 'x' }],
    ['is absolute below the folder', { name: 'web//etc/passwd', text: 'x' }],
    ['names a drive', { name: 'web/c:/x', text: 'x' }],
    ['lies outside the folder', { name: 'Chart.yaml', text: 'x' }],
    ['is a symbolic link', { name: 'web/values.yaml', type: '2', link: '/etc/passwd' }],
    ['is a hard link', { name: 'web/values.yaml', type: '1', link: 'web/Chart.yaml' }],
    ['is a device', { name: 'web/values.yaml', type: '3' }],
    ['is a pipe', { name: 'web/values.yaml', type: '6' }],
    ['appears twice', { name: 'web/Chart.yaml', text: 'x' }],
    ['differs in case only', { name: 'web/chart.yaml', text: 'x' }],
    ['belongs to .git', { name: 'web/.git/config', text: 'x' }],
    ['is a link named .git', { name: 'web/.GIT/hooks/x', text: 'x' }],
  ])('are refused as a whole when an entry %s', (_what, part) => {
    expect(refusal(buildTgz([CHART, part]))).toMatch(/^charts\/web-1\.0\.0\.tgz: chart archive is refused: /);
  });

  it.each([
    ['no gzip', buildTar([CHART])],
    ['cut gzip', buildTgz([CHART]).subarray(0, 60)],
    ['nothing in it', gzipSync(Buffer.alloc(1024))],
    ['no tar', gzipSync(Buffer.from('x'.repeat(2000)))],
    ['a cut tar', gzipSync(buildTar([CHART]).subarray(0, 540))],
    ['a wrong sum', gzipSync(Buffer.concat([Buffer.from('y'), buildTar([CHART]).subarray(1)]))],
    ['a size that lies', buildTgz([{ ...CHART, claimedSize: 8 * 1024 * 1024 }])],
    ['a size beyond any memory', buildTgz([{ ...CHART, claimedSize: 8 ** 11 - 1 }])],
  ])('are refused with %s', (_what, bytes) => {
    expect(refusal(bytes)).toContain('chart archive is refused: ');
  });

  it('stop a gzip bomb at the limit', () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
    expect(refusal(bomb)).toMatch(/unpacks to more than \d+ bytes/);
  });

  it('stop at the number of files and at the size of one', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ name: `web/f${index}`, text: '' }));
    expect(refusal(buildTgz([CHART, ...many]), { ...DEFAULT_LOAD_LIMITS, files: 100 })).toContain(
      'more than 100 entries',
    );
    const large = buildTgz([CHART, { name: 'web/big', text: 'x'.repeat(5000) }]);
    expect(refusal(large, { ...DEFAULT_LOAD_LIMITS, fileBytes: 4096 })).toContain('claims 5000 bytes');
  });

  it('stop archives inside archives', () => {
    let bytes = packChart('web', '1.0.0');
    for (let level = 0; level < 40; level++)
      bytes = buildTgz([CHART, { name: 'web/charts/web-1.0.0.tgz', text: bytes }]);
    expect(refusal(bytes)).toContain('charts nest more than 32 deep');
  });
});
