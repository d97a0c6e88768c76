import { describe, expect, it } from 'vitest';
import { ApplicationView } from '../../../src/controller/service/application-view.ts';
import type { KubeObject } from '../../../src/core/object-key.ts';
import type { Cluster, WatchEvent } from '../../../src/core/ports.ts';
import { MemoryLogger } from '../../doubles/memory-logger.ts';

function anObject(version: string, annotations: Record<string, string> = {}, dependsOn: object[] = []): KubeObject {
  return {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: {
      name: 'shop',
      namespace: 'team-a',
      uid: 'uid',
      resourceVersion: version,
      generation: 1,
      annotations,
      managedFields: [{ manager: 'kubectl' }],
    },
    spec: { source: { git: { url: 'https://git.example.com/shop.git' } }, dependsOn },
  } as unknown as KubeObject;
}

/** A view, what it said, and a way to tell it what happened. */
function aView() {
  const said: string[] = [];
  let tell: (event: WatchEvent) => void = () => undefined;
  const cluster = {
    watch: (_kind: unknown, _options: unknown, onEvent: (event: WatchEvent) => void) => {
      tell = onEvent;
      return { close: () => undefined };
    },
  };
  const view = new ApplicationView({
    cluster: cluster as unknown as Cluster,
    logger: new MemoryLogger(),
    onChange: (_tracked, change) => said.push(change),
    onRemoved: () => said.push('removed'),
  });
  void view.start(new AbortController().signal);
  return { view, said, tell: (event: WatchEvent) => tell(event) };
}

describe('the view of the Applications', () => {
  it('sees what somebody asked for in the answer to a write, when the event for it was overtaken', () => {
    const { view, said, tell } = aView();
    tell({ type: 'added', object: anObject('10') });
    view.observe(anObject('12', { 'evenkeel.dev/sync': 'now' }));
    tell({ type: 'modified', object: anObject('11', { 'evenkeel.dev/sync': 'now' }) });
    tell({ type: 'modified', object: anObject('12', { 'evenkeel.dev/sync': 'now' }) });
    expect(said).toEqual(['added', 'annotations']);
    expect(view.get('team-a/shop')?.object.metadata.resourceVersion).toBe('12');
  });

  it('takes what an event says when the cluster was put back to an older state', () => {
    const { view, tell } = aView();
    tell({ type: 'added', object: anObject('10') });
    view.observe(anObject('12'));
    tell({ type: 'modified', object: anObject('12') });
    tell({ type: 'modified', object: anObject('5') });
    expect(view.get('team-a/shop')?.object.metadata.resourceVersion).toBe('5');
  });

  it('knows who waits for whom, also for what does not exist, until that changes', () => {
    const { view, tell } = aView();
    const waiting = (): string[] => [...view.dependentsOf('team-a/database')].map(({ id }) => id);
    tell({ type: 'added', object: anObject('10', {}, [{ name: 'database' }]) });
    expect(waiting()).toEqual(['team-a/shop']);
    const other = anObject('11');
    tell({ type: 'modified', object: { ...other, metadata: { ...other.metadata, generation: 2 } } as KubeObject });
    expect(waiting()).toEqual([]);
  });

  it('keeps no record of who owns which field', () => {
    const { view, tell } = aView();
    tell({ type: 'added', object: anObject('10') });
    expect(view.get('team-a/shop')?.object.metadata).not.toHaveProperty('managedFields');
  });
});
