import type { GoValue } from '../gotemplate/values.ts';

/** Files of a chart by path, as `.Files` gives them to templates. Values are raw bytes. */
export declare function filesValue(files: ReadonlyMap<string, Uint8Array>): GoValue;

export interface CapabilitiesInput {
  /** `v1.30.0` */
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  /** `v4.3.1`; empty parts are empty strings in templates. */
  readonly helmVersion?: string;
}

/** `.Capabilities` */
export declare function capabilitiesValue(input: CapabilitiesInput): GoValue;
