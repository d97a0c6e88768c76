import { toBytes } from '../gotemplate/byte-string.ts';
import { goInt, type GoMap, goMap } from '../gotemplate/values.ts';

export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly isUpgrade: boolean;
}

/** `.Release`. Every render is a first revision, as in `helm template`. */
export function releaseValue(release: Release): GoMap {
  return goMap({
    Name: toBytes(release.name),
    Namespace: toBytes(release.namespace),
    IsUpgrade: release.isUpgrade,
    IsInstall: !release.isUpgrade,
    Revision: goInt(1),
    Service: 'Helm',
  });
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const MAX_NAME = 53;

/** Why a release may not have this name; undefined when it may. */
export function releaseNameProblem(name: string): string | undefined {
  if (name === '') return 'no release name provided';
  if (name.length <= MAX_NAME && NAME.test(name)) return undefined;
  return `invalid release name ${JSON.stringify(name)}, must match regex ${NAME.source} and the length must not be longer than ${MAX_NAME}`;
}
