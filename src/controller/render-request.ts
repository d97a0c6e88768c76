import type { Application } from '../core/application.ts';
import { DEFAULT_RENDER_LIMITS, type RenderRequest } from '../core/manifest.ts';
import type { ApplicationState } from '../core/state.ts';

/** What an application asks of a render. Something of it was applied before: then its charts are upgraded. */
export function renderRequest(application: Application, state: ApplicationState): RenderRequest {
  const { render } = application;
  const mayBeChart = render.kind === 'helm' || render.kind === 'auto';
  return {
    path: application.source.git.path,
    settings: render,
    namespace: application.destination.namespace,
    application: application.name.name,
    limits: DEFAULT_RENDER_LIMITS,
    ...(mayBeChart ? { isUpgrade: state.current !== undefined } : {}),
  };
}
