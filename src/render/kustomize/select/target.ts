import { compileAnchored, type TextMatch } from './pattern.ts';
import { parseLabelSelector, type LabelSelector } from './label-selector.ts';
import { effectiveNamespace, type Gvk } from '../resource-id.ts';
import type { Resource } from '../resource.ts';

/** The `target` of a patch and the `select` of a replacement: patterns; '' matches anything. */
export interface Selector extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly annotationSelector: string;
}

export interface TargetMatch {
  readonly selector: Selector;
  readonly gvk: (gvk: Gvk) => boolean;
  readonly name: TextMatch;
  readonly namespace: TextMatch;
  readonly labels: LabelSelector;
  readonly annotations: LabelSelector;
}

/** @throws BuildError for a pattern or a label selector that cannot be read */
export function compileSelector(selector: Selector, field: string): TargetMatch {
  const group = compileAnchored(selector.group, `${field}.group`);
  const version = compileAnchored(selector.version, `${field}.version`);
  const kind = compileAnchored(selector.kind, `${field}.kind`);
  return {
    selector,
    gvk: (gvk) => group(gvk.group) && version(gvk.version) && kind(gvk.kind),
    name: compileAnchored(selector.name, `${field}.name`),
    namespace: compileAnchored(selector.namespace, `${field}.namespace`),
    labels: parseLabelSelector(selector.labelSelector, `${field}.labelSelector`),
    annotations: parseLabelSelector(selector.annotationSelector, `${field}.annotationSelector`),
  };
}

/** Objects that a selector picks, by their names and namespaces of the beginning or of now. */
export function selectResources(resources: readonly Resource[], selector: Selector, field: string): Resource[] {
  const match = compileSelector(selector, field);
  return resources.filter((resource) => isTarget(resource, match));
}

function isTarget(resource: Resource, match: TargetMatch): boolean {
  const current = resource.id;
  const original = resource.originalId;
  if (!match.namespace(effectiveNamespace(original)) && !match.namespace(effectiveNamespace(current))) return false;
  if (!match.name(original.name) && !match.name(current.name)) return false;
  if (!match.gvk(current)) return false;
  return matchesSelectors(resource, match);
}

/** Whether labels and annotations fit; both are read whatever is asked of them. */
export function matchesSelectors(resource: Resource, match: TargetMatch): boolean {
  return match.labels.matches(resource.labels()) && match.annotations.matches(resource.annotations());
}
