import { expect, it } from 'vitest';
import { renderRequest } from '../../../src/controller/render-request.ts';
import { tracedEngine } from '../../../src/controller/service/term-engine.ts';
import type { Cluster, Renderer } from '../../../src/core/ports.ts';
import type { RenderWorld } from '../../../src/core/render-world.ts';
import { EMPTY_STATE } from '../../../src/core/state.ts';
import { NO_TRACING } from '../../../src/telemetry/tracing.ts';
import { anApplication } from '../../builders/an-application.ts';
import { memoryEngine, MemoryRepository } from '../../doubles/memory-engine.ts';

it('lets the charts of the controller ask the cluster', async () => {
  const repository = new MemoryRepository();
  repository.commit('');
  const worlds: (RenderWorld | undefined)[] = [];
  const renderer: Renderer = {
    render: async (fetched, request, signal, asked) => {
      worlds.push(asked);
      return repository.renderer.render(fetched, request, signal);
    },
    close: () => Promise.resolve(),
  };
  const engine = tracedEngine({ ...memoryEngine({} as Cluster, repository), renderer }, NO_TRACING);
  const application = anApplication();
  const fetched = await engine.sources.resolve(application.source.git);
  const world = { id: 'asked by a chart' } as RenderWorld;

  await engine.renderer.render(fetched, renderRequest(application, EMPTY_STATE), undefined, world);

  expect(worlds).toEqual([world]);
});
