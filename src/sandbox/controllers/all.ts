import { behaviourController, type Behaviour } from './behaviours.ts';
import type { Controller } from './controller.ts';
import { definitionController } from './definitions.ts';

/** What the API server does by itself. */
export function apiControllers(): Controller[] {
  return [definitionController];
}

export interface SimulationOptions {
  readonly behaviours: readonly Behaviour[];
  readonly readyAfterMs: number;
}

/** What the rest of a control plane and its nodes do. */
export function simulationControllers(options: SimulationOptions): Controller[] {
  return [behaviourController(options.behaviours)];
}
