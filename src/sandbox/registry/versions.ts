import type { Versions } from '../apply/ownership.ts';
import { parseApiVersion } from '../../core/object-key.ts';
import { versionOf } from '../schema/resource.ts';
import { convertObject } from './convert.ts';
import type { Target } from './state.ts';
import { resetFieldsOf } from './strategy.ts';

/** The versions of a target's resource as ownership needs them. */
export function versionsOf(target: Target): Versions {
  return {
    type: (apiVersion) => {
      const { group, version } = parseApiVersion(apiVersion);
      if (group !== target.resource.group) return undefined;
      const found = versionOf(target.resource, version);
      return found?.served === true ? found.type() : undefined;
    },
    convert: (object, apiVersion) => convertObject(object, target.resource, apiVersion),
    resetFields: resetFieldsOf(target.resource, target.version, target.subresource),
  };
}
