import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderWithArguments } from './helm-arguments.ts';

describe('the chart of the examples', () => {
  it('renders as Helm 4.3.1 renders it', () => {
    const args = 'template search search -f search/values-prod.yaml --namespace search --set auth.password=x'.split(
      ' ',
    );
    const { text, problems } = renderWithArguments('examples', args);
    expect(problems).toEqual([]);
    expect(text).toBe(readFileSync('test/golden/example-search.golden.yaml', 'utf8'));
  });

  it.each([
    ['replicas=0', "at '/replicas': minimum: got 0, want 1"],
    ['dashboards.theme=pink', "at '/theme': value must be one of 'light', 'dark'"],
  ])('refuses %s by its schema', (set, words) => {
    const { problems } = renderWithArguments('examples', ['template', 'search', 'search', '--set', set]);
    expect(problems.map(({ message }) => message).join('\n')).toContain(words);
  });
});
