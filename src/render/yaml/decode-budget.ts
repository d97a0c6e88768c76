import type { YamlNode } from './compose.ts';
import { YamlFault } from './problem.ts';

const SMALL = 400_000;
const LARGE = 4_000_000;

/** Counts what is read through aliases: a limit of our own, and the share that Go's YAML libraries allow. */
export class DecodeBudget {
  readonly #limit: number;
  #all = 0;
  #aliased = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws YamlFault */
  count(node: YamlNode, aliased: boolean): void {
    this.#all++;
    if (!aliased) return;
    this.#aliased++;
    if (this.#aliased > this.#limit) {
      throw new YamlFault(`aliases expand to more than ${this.#limit} nodes`, node.position);
    }
    if (this.#aliased > 100 && this.#all > 1000 && this.#aliased / this.#all > allowedShare(this.#all)) {
      throw new YamlFault('document contains excessive aliasing', node.position);
    }
  }
}

/** 99 % in small documents, 10 % in large ones. */
function allowedShare(nodes: number): number {
  if (nodes <= SMALL) return 0.99;
  if (nodes >= LARGE) return 0.1;
  return 0.99 - 0.89 * ((nodes - SMALL) / (LARGE - SMALL));
}
