import type { Clock, Renderer } from '../core/ports.ts';

export declare function createRenderer(options: { readonly clock: Clock }): Renderer;
