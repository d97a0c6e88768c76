import { toBytes } from '../gotemplate/byte-string.ts';
import { STRING_MAP } from '../gotemplate/types.ts';
import { goMap, GoMap, GoSlice, goValueOf, type GoValue } from '../gotemplate/values.ts';
import type { ChartDependency, ChartMetadata } from '../load/chart.ts';

/** `.Chart`: the fields of Chart.yaml under the names that they have in Helm's source. */
export function chartValue(metadata: ChartMetadata, isRoot: boolean): GoMap {
  const { annotations } = metadata;
  const maintainers = metadata.maintainers.map((item) =>
    goMap({ Name: toBytes(item.name), Email: toBytes(item.email), URL: toBytes(item.url) }),
  );
  return goMap({
    Name: toBytes(metadata.name),
    Home: toBytes(metadata.home),
    Sources: texts(metadata.sources),
    Version: toBytes(metadata.version),
    Description: toBytes(metadata.description),
    Keywords: texts(metadata.keywords),
    Maintainers: new GoSlice(maintainers),
    Icon: toBytes(metadata.icon),
    APIVersion: toBytes(metadata.apiVersion),
    Condition: toBytes(metadata.condition),
    Tags: toBytes(metadata.tags),
    AppVersion: toBytes(metadata.appVersion),
    Deprecated: metadata.deprecated,
    Annotations:
      annotations === undefined
        ? new GoMap(new Map(), STRING_MAP, true)
        : new GoMap(
            new Map(Object.entries(annotations).map(([key, text]) => [toBytes(key), toBytes(text)])),
            STRING_MAP,
          ),
    KubeVersion: toBytes(metadata.kubeVersion),
    Dependencies: new GoSlice((metadata.dependencies ?? []).map(dependencyValue)),
    Type: toBytes(metadata.type),
    IsRoot: isRoot,
  });
}

function dependencyValue(dependency: ChartDependency): GoValue {
  return goMap({
    Name: toBytes(dependency.name),
    Version: toBytes(dependency.version),
    Repository: toBytes(dependency.repository),
    Condition: toBytes(dependency.condition),
    Tags: texts(dependency.tags),
    Enabled: dependency.enabled,
    ImportValues: new GoSlice(dependency.importValues.map((item) => goValueOf(item))),
    Alias: toBytes(dependency.alias),
  });
}

function texts(items: readonly string[]): GoSlice {
  return new GoSlice(items.map(toBytes));
}
