/** One reason of the scheduler with the number of nodes that it holds for. */
export interface NodeCount {
  readonly nodes: number;
  readonly text: string;
  readonly kind: 'resource' | 'taint' | 'selector' | 'affinity' | 'volume' | 'ports' | 'unschedulable' | 'other';
  /** The resource that is short, the taint that is not tolerated. */
  readonly name?: string;
}

export interface SchedulerMessage {
  readonly nodes: number;
  readonly reasons: readonly NodeCount[];
  /** Whether evicting others could help, as the scheduler found. */
  readonly preemption: string | undefined;
}

/**
 * Takes `0/5 nodes are available: 2 Insufficient nvidia.com/gpu, 3 node(s) had untolerated taint {a: b}. preemption: …` apart.
 * Undefined for any other text. Linear in the length of the message (at most 4,000 characters are read).
 */
export function parseSchedulerMessage(message: string): SchedulerMessage | undefined {
  const text = message.slice(0, 4000);
  const head = /^\d{1,7}\/(\d{1,7}) nodes are available:? ?/.exec(text);
  if (head === null) return undefined;
  const rest = text.slice(head[0].length);
  const preemptionAt = rest.indexOf('preemption: ');
  // Since 1.34 a sentence about resource claims may stand between the reasons and the preemption.
  const body = (preemptionAt < 0 ? rest : rest.slice(0, preemptionAt)).replace(
    /\.? *no new claims to deallocate,? *$/,
    '',
  );
  const preemption = preemptionAt < 0 ? undefined : rest.slice(preemptionAt + 'preemption: '.length).trim();
  const reasons = splitReasons(body).flatMap(readReason);
  return { nodes: Number(head[1]), reasons, preemption };
}

/** Commas inside of braces belong to a taint or a selector. */
function splitReasons(body: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < body.length; index++) {
    const char = body[index];
    if (char === '{') depth++;
    else if (char === '}') depth--;
    else if (char === ',' && depth <= 0 && /^ \d+ /.test(body.slice(index + 1, index + 12))) {
      parts.push(body.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(body.slice(start));
  return parts.map((part) => part.trim().replace(/[.\s]+$/, '')).filter((part) => part !== '');
}

function readReason(part: string): readonly NodeCount[] {
  const match = /^(\d{1,7}) (.+)$/s.exec(part);
  if (match === null) return [{ nodes: 0, text: part, kind: 'other' }];
  const text = match[2] ?? '';
  const nodes = Number(match[1]);
  const resource = /^(?:Insufficient|Too many) (\S+)/.exec(text);
  if (resource !== null) return [{ nodes, text, kind: 'resource', name: resource[1] ?? '' }];
  const taint = /taints? \{([^}]*)\}/.exec(text) ?? /^node\(s\) had (?:untolerated )?taints?/.exec(text);
  if (taint !== null)
    return [{ nodes, text, kind: 'taint', ...(taint[1] === undefined ? {} : { name: taint[1].trim() }) }];
  return [{ nodes, text, kind: kindOf(text) }];
}

function kindOf(text: string): NodeCount['kind'] {
  if (text.includes('unschedulable')) return 'unschedulable';
  if (text.includes('node affinity/selector') || text.includes('node selector')) return 'selector';
  if (text.includes('affinity') || text.includes('topology spread')) return 'affinity';
  if (text.includes('olume') || text.includes('PersistentVolume')) return 'volume';
  return text.includes('ports') ? 'ports' : 'other';
}

/** `needs nvidia.com/gpu, which 2 of 5 nodes have too little of; 3 nodes have a taint that it does not tolerate (a: b)`. */
export function describeSchedulerMessage(parsed: SchedulerMessage): string {
  if (parsed.nodes === 0) return 'the cluster has no nodes';
  const parts = [...parsed.reasons].sort((a, b) => b.nodes - a.nodes).map((reason) => describeReason(reason));
  return `none of ${parsed.nodes} nodes fits: ${parts.join('; ')}`;
}

function describeReason(reason: NodeCount): string {
  const on = `${reason.nodes} ${reason.nodes === 1 ? 'node' : 'nodes'}`;
  switch (reason.kind) {
    case 'resource':
      return `${on} with too little ${reason.name ?? 'of a resource'}`;
    case 'taint':
      return `${on} with a taint that it does not tolerate${reason.name === undefined ? '' : ` (${reason.name})`}`;
    case 'selector':
      return `${on} outside of its node selector or affinity`;
    case 'unschedulable':
      return `${on} cordoned`;
    default:
      return reason.nodes === 0 ? reason.text : `${on}: ${reason.text.replace(/^node\(s\) /, '')}`;
  }
}
