/** The form in which an answer is wanted. */
export type Form = 'object' | 'table' | 'metadata' | 'metadataList' | 'discovery';

export interface Negotiated {
  readonly form: Form;
  /** The content type of the answer. */
  readonly contentType: string;
}

interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function parseAccept(header: string): MediaType[] {
  return header
    .split(',')
    .slice(0, 20)
    .map((entry) => {
      const [type = '', ...rest] = entry.split(';').map((part) => part.trim());
      return {
        type,
        parameters: new Map(
          rest.map((part) => {
            const equals = part.indexOf('=');
            return [part.slice(0, equals), part.slice(equals + 1)] as const;
          }),
        ),
      };
    });
}

const JSON_TYPES = new Set(['', '*/*', 'application/*', 'application/json']);

/** The first form of an Accept header that the server can give; undefined when it can give none. */
export function negotiate(header: string | undefined): Negotiated | undefined {
  for (const { type, parameters } of parseAccept(header ?? '')) {
    if (!JSON_TYPES.has(type)) continue;
    const as = parameters.get('as');
    const group = parameters.get('g') ?? '';
    const version = parameters.get('v') ?? '';
    const plain = { form: 'object', contentType: 'application/json' } as const;
    if (as === undefined) return plain;
    const contentType = `application/json;g=${group};v=${version};as=${as}`;
    if (as === 'Table' && group === 'meta.k8s.io' && version === 'v1')
      return { form: 'table', contentType: 'application/json' };
    if (as === 'PartialObjectMetadata' && group === 'meta.k8s.io')
      return { form: 'metadata', contentType: 'application/json' };
    if (as === 'PartialObjectMetadataList' && group === 'meta.k8s.io')
      return { form: 'metadataList', contentType: 'application/json' };
    if (as === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && version === 'v2')
      return { form: 'discovery', contentType };
  }
  return undefined;
}
