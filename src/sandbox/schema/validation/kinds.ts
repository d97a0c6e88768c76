import type { JsonObject } from '../../../core/json.ts';
import type { FieldProblem } from '../../status.ts';
import type { Resource } from '../resource.ts';
import { validateDefinition } from './definition.ts';
import { validatePodObject, validateTemplateOwner } from './workloads.ts';
import { validateService } from './service.ts';
import { validateMisc } from './others.ts';

/** What is wrong with the contents of a built-in kind, so far as the sandbox knows its rules. */
export function validateKind(object: JsonObject, resource: Resource): FieldProblem[] {
  switch (`${resource.group}/${resource.kind}`) {
    case '/Pod':
      return validatePodObject(object);
    case 'apps/Deployment':
    case 'apps/ReplicaSet':
    case 'apps/DaemonSet':
    case 'apps/StatefulSet':
    case 'batch/Job':
    case 'batch/CronJob':
      return validateTemplateOwner(object, resource.kind);
    case '/Service':
      return validateService(object);
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return validateDefinition(object);
    default:
      return validateMisc(object, resource);
  }
}
